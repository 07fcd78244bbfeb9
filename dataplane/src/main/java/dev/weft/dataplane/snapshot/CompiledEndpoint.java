package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.Candidate;
import dev.weft.dataplane.resilience.EndpointState;
import dev.weft.policy.snapshot.Endpoint;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint of one service in one snapshot, with its lasting state and what is computed once per
 * trust generation. Thread-safe.
 */
public final class CompiledEndpoint implements Candidate {
  private final Endpoint document;
  private final String host;
  private final EndpointState state;
  private final String poolName;
  private final String plainPoolKey;
  private volatile @Nullable Secured secured;

  /** TLS and pool key of one generation; made again when the generation moves. */
  public static final class Secured {
    private final ClientTls tls;
    private final String poolKey;

    private Secured(ClientTls tls, String poolKey) {
      this.tls = tls;
      this.poolKey = poolKey;
    }

    /** What the handshake has to hold. */
    public ClientTls tls() {
      return tls;
    }

    /** Key for pools. */
    public String poolKey() {
      return poolKey;
    }
  }

  private CompiledEndpoint(Endpoint document, String host, EndpointState state) {
    this.document = document;
    this.host = host;
    this.state = state;
    this.poolName = host + "." + letters(document.id);
    this.plainPoolKey = (poolName + ".plain").intern();
  }

  static CompiledEndpoint of(Endpoint document, String host, EndpointState state) {
    return new CompiledEndpoint(document, host, state);
  }

  /** The endpoint as the control server described it. */
  public Endpoint document() {
    return document;
  }

  /** What is known about it. */
  public EndpointState state() {
    return state;
  }

  /** Key for pools of plaintext connections. */
  public String plainPoolKey() {
    return plainPoolKey;
  }

  /** TLS for this trust generation, the same object until the generation moves. */
  public Secured secured(long generation) {
    Secured known = secured;
    if (known == null || known.tls.generation() != generation) {
      known =
          new Secured(
              ClientTls.of(host, document.spiffeId, generation),
              (poolName + ".g" + generation).intern());
      secured = known;
    }
    return known;
  }

  @Override
  public String key() {
    return document.address + ":" + document.port;
  }

  @Override
  public int weight() {
    return document.weight;
  }

  @Override
  public int active() {
    return state.active();
  }

  /** Only what a host name may have, because some libraries keep pools by host name. */
  private static String letters(String id) {
    StringBuilder text = new StringBuilder(id.length());
    for (char c : id.toLowerCase(Locale.ROOT).toCharArray()) {
      boolean fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
      text.append(fine ? c : '-');
    }
    return text.toString();
  }

  @Override
  public String toString() {
    return document.id + " at " + document.address + ":" + document.port;
  }
}
