package dev.weft.controlserver;

import dev.weft.controlserver.api.ConnectionLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How one control server is to run.
 *
 * @param listenPort 0 takes a free port
 * @param leafLife life of the certificates issued to agents, at least 10 s
 * @param lease for how long an instance lives without reporting, at least 1 s
 * @param publicNames host names and addresses by which agents reach this server, beyond localhost
 *     and the listen address
 * @param passphrase encrypts the keys at rest, or null
 * @param policy where policy comes from and how much of its past is kept
 * @param endUsers what policy about requests of end users needs
 */
public record ServerSettings(
    Path dataDirectory,
    String listenHost,
    int listenPort,
    String trustDomain,
    String rootNamespace,
    Duration leafLife,
    Duration lease,
    List<String> publicNames,
    @Nullable String passphrase,
    PolicySettings policy,
    EndUserSettings endUsers,
    ConnectionLimits limits) {

  /** Life of the server's own certificate; it is replaced after half of it. */
  static final Duration SERVER_CERTIFICATE_LIFE = Duration.ofHours(24);

  /** Settings as the command line has them when only these two are given. */
  public static ServerSettings of(Path dataDirectory, String listenHost, int listenPort) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        "cluster.local",
        "istio-system",
        Duration.ofHours(24),
        Duration.ofSeconds(10),
        List.of(),
        null,
        PolicySettings.DEFAULT,
        EndUserSettings.DEFAULT,
        ConnectionLimits.DEFAULT);
  }

  public ServerSettings withLeafLife(Duration life) {
    return with(draft -> draft.leafLife = life);
  }

  public ServerSettings withLease(Duration life) {
    return with(draft -> draft.lease = life);
  }

  public ServerSettings withLimits(ConnectionLimits ofConnections) {
    return with(draft -> draft.limits = ofConnections);
  }

  public ServerSettings withPolicy(PolicySettings ofPolicy) {
    return with(draft -> draft.policy = ofPolicy);
  }

  public ServerSettings withEndUsers(EndUserSettings ofEndUsers) {
    return with(draft -> draft.endUsers = ofEndUsers);
  }

  private ServerSettings with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        draft.trustDomain,
        rootNamespace,
        draft.leafLife,
        draft.lease,
        publicNames,
        draft.passphrase,
        draft.policy,
        draft.endUsers,
        draft.limits);
  }

  /** What can be changed of settings, as it is in them. */
  private final class Draft {
    String trustDomain = ServerSettings.this.trustDomain;
    Duration leafLife = ServerSettings.this.leafLife;
    Duration lease = ServerSettings.this.lease;
    @Nullable String passphrase = ServerSettings.this.passphrase;
    PolicySettings policy = ServerSettings.this.policy;
    EndUserSettings endUsers = ServerSettings.this.endUsers;
    ConnectionLimits limits = ServerSettings.this.limits;
  }

  /**
   * For how long instances remembered from before a restart count as live: long enough for every
   * agent to find its way back.
   */
  Duration warmUp() {
    Duration twice = lease.multipliedBy(2);
    Duration least = Duration.ofSeconds(15);
    return twice.compareTo(least) < 0 ? least : twice;
  }

  /** Without the passphrase: records print their components. */
  @Override
  public String toString() {
    return "ServerSettings[" + dataDirectory + ", " + listenHost + ":" + listenPort + "]";
  }
}
