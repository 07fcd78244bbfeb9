package dev.weft.controlserver;

import dev.weft.controlserver.api.ConnectionLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        trustDomain,
        rootNamespace,
        life,
        lease,
        publicNames,
        passphrase,
        policy,
        endUsers,
        limits);
  }

  public ServerSettings withLease(Duration newLease) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        trustDomain,
        rootNamespace,
        leafLife,
        newLease,
        publicNames,
        passphrase,
        policy,
        endUsers,
        limits);
  }

  public ServerSettings withTrustDomain(String name) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        name,
        rootNamespace,
        leafLife,
        lease,
        publicNames,
        passphrase,
        policy,
        endUsers,
        limits);
  }

  public ServerSettings withPassphrase(@Nullable String newPassphrase) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        trustDomain,
        rootNamespace,
        leafLife,
        lease,
        publicNames,
        newPassphrase,
        policy,
        endUsers,
        limits);
  }

  public ServerSettings withLimits(ConnectionLimits newLimits) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        trustDomain,
        rootNamespace,
        leafLife,
        lease,
        publicNames,
        passphrase,
        policy,
        endUsers,
        newLimits);
  }

  public ServerSettings withPolicy(PolicySettings newPolicy) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        trustDomain,
        rootNamespace,
        leafLife,
        lease,
        publicNames,
        passphrase,
        newPolicy,
        endUsers,
        limits);
  }

  public ServerSettings withEndUsers(EndUserSettings newEndUsers) {
    return new ServerSettings(
        dataDirectory,
        listenHost,
        listenPort,
        trustDomain,
        rootNamespace,
        leafLife,
        lease,
        publicNames,
        passphrase,
        policy,
        newEndUsers,
        limits);
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
