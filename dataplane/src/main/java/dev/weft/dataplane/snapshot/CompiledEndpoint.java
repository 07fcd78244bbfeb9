package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.Candidate;
import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.origination.OutsideCredentials;
import dev.weft.dataplane.origination.ServerTrust;
import dev.weft.dataplane.resilience.EndpointState;
import dev.weft.policy.snapshot.Endpoint;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
  private final long spread;
  private volatile Meshed[] meshed = NONE_MESHED;
  private volatile Outside[] outside = NONE_OUTSIDE;
  private final DerivedKeys derived = new DerivedKeys();

  private static final Meshed[] NONE_MESHED = new Meshed[0];
  private static final Outside[] NONE_OUTSIDE = new Outside[0];

  /** Server names of several policies. */
  private static final int MOST_MESHED = 8;

  /** Ways to write a host, under several policies. */
  private static final int MOST_OUTSIDE = 8;

  /** TLS and pool key of one generation or credentials; made again when these move. */
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

  /** TLS of the mesh, with the server name that a policy gives. */
  private static final class Meshed {
    final String serverName;
    final Secured secured;

    Meshed(String serverName, Secured secured) {
      this.serverName = serverName;
      this.secured = secured;
    }

    boolean isOf(long generation, String name) {
      return secured.tls.generation() == generation && serverName.equals(name);
    }
  }

  /** TLS with a server outside the mesh, as an authority and the credentials make it. */
  private static final class Outside {
    final OutsideCredentials credentials;
    final String authority;
    final Secured secured;

    Outside(OutsideCredentials credentials, String authority, Secured secured) {
      this.credentials = credentials;
      this.authority = authority;
      this.secured = secured;
    }
  }

  private CompiledEndpoint(Endpoint document, String host, EndpointState state) {
    this.document = document;
    this.host = host;
    this.state = state;
    this.poolName = letters(host) + "." + letters(document.id);
    this.plainPoolKey = (poolName + ".plain").intern();
    this.spread = TextHash.of(document.id);
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

  /**
   * TLS for this trust generation, the same object until the generation moves. Its pool key is for
   * just this identity of the server and this name: policy may give an endpoint others.
   *
   * @param serverName to indicate, as {@link ClientTls#canonical}; empty for the service's own
   */
  public Secured secured(long generation, String serverName) {
    for (Meshed each : meshed) {
      if (each.isOf(generation, serverName)) {
        return each.secured;
      }
    }
    return newMeshed(generation, serverName);
  }

  private synchronized Secured newMeshed(long generation, String serverName) {
    List<Meshed> next = new ArrayList<>();
    for (Meshed each : meshed) {
      if (each.isOf(generation, serverName)) {
        return each.secured;
      }
      if (each.secured.tls.generation() == generation && next.size() < MOST_MESHED - 1) {
        next.add(each);
      }
    }
    String name = serverName.isEmpty() ? nameOf(host) : serverName;
    String key = poolName + "." + digest(document.spiffeId, name) + ".g" + generation;
    Secured secured = new Secured(ClientTls.of(name, document.spiffeId, generation), key.intern());
    next.add(0, new Meshed(serverName, secured));
    meshed = next.toArray(NONE_MESHED);
    return secured;
  }

  /**
   * TLS with this endpoint as a server outside the mesh, the same object while the credentials and
   * the server name are the same.
   *
   * @param authority that is sent to it
   */
  public Secured outside(OutsideCredentials credentials, String authority) {
    for (Outside each : outside) {
      if (each.credentials == credentials && each.authority.equals(authority)) {
        return each.secured;
      }
    }
    return newOutside(credentials, authority);
  }

  private synchronized Secured newOutside(OutsideCredentials credentials, String authority) {
    String name = credentials.serverName(Authorities.hostOf(authority));
    Secured secured = null;
    List<Outside> next = new ArrayList<>();
    for (Outside each : outside) {
      if (each.credentials == credentials && each.secured.tls.serverName().equals(name)) {
        secured = each.secured;
      }
      if (next.size() < MOST_OUTSIDE - 1) {
        next.add(each);
      }
    }
    if (secured == null) {
      ServerTrust server = credentials.server(name);
      secured =
          new Secured(
              ClientTls.outside(name, server), (poolName + ".t" + server.number()).intern());
    }
    next.add(0, new Outside(credentials, authority, secured));
    outside = next.toArray(NONE_OUTSIDE);
    return secured;
  }

  /**
   * A key for the connections that take a limited number of requests.
   *
   * @param key the key without a limit
   */
  public String limited(String key) {
    return derived.of(key, ".r", 0, 0);
  }

  /**
   * A key for the connections of a limited time, the same object within it. Connections of the time
   * before are under another key, so that nobody takes them, whichever client keeps them.
   *
   * @param key the key without a limit
   * @param longestNanos how long a connection may be taken, more than 0
   */
  public String aged(String key, long longestNanos, long nowNanos) {
    return derived.of(key, ".d", longestNanos, period(longestNanos, nowNanos));
  }

  private long period(long longestNanos, long nowNanos) {
    // Not all endpoints at the same moment.
    return Math.floorDiv(
        nowNanos - state.sinceNanos() + Math.floorMod(spread, longestNanos), longestNanos);
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

  @Override
  public double cost() {
    return state.cost();
  }

  /** The name alone of the host of a service that is a port of a host. */
  private static String nameOf(String host) {
    int colon = host.indexOf(':');
    return colon < 0 ? host : host.substring(0, colon);
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

  /** Never the same for two servers, and short: libraries take a key for a host name. */
  private static String digest(@Nullable String spiffeId, String serverName) {
    String text = (spiffeId == null ? "" : spiffeId) + ' ' + serverName;
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new BigInteger(1, Arrays.copyOf(digest, 16)).toString(36);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return document.id + " at " + document.address + ":" + document.port;
  }
}
