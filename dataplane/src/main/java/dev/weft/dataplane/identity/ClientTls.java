package dev.weft.dataplane.identity;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What TLS on an attempt's connection has to hold: that of the mesh, or ordinary TLS with a server
 * outside. Immutable, one object per endpoint and trust generation, so that it may be compared by
 * identity.
 */
public final class ClientTls {
  private final String serverName;
  private final @Nullable String expectedSpiffeId;
  private final long generation;
  private final @Nullable OutsideTls outside;

  private ClientTls(
      String serverName,
      @Nullable String expectedSpiffeId,
      long generation,
      @Nullable OutsideTls outside) {
    this.serverName = serverName;
    this.expectedSpiffeId = expectedSpiffeId;
    this.generation = generation;
    this.outside = outside;
  }

  /** A server name as it is indicated: in lower case and without the dot of the root. */
  public static String canonical(String serverName) {
    int length = serverName.length();
    String bare = serverName.endsWith(".") ? serverName.substring(0, length - 1) : serverName;
    return bare.toLowerCase(Locale.ROOT);
  }

  /** TLS of the mesh; see the getters. */
  public static ClientTls of(
      String serverName, @Nullable String expectedSpiffeId, long generation) {
    return new ClientTls(serverName, expectedSpiffeId, generation, null);
  }

  /** TLS with a server outside the mesh, which needs no identity of ours. */
  public static ClientTls outside(String serverName, OutsideTls outside) {
    return new ClientTls(serverName, null, 0, outside);
  }

  /**
   * Server name to indicate: the canonical host of the service, the name called outside, or the one
   * that policy gives.
   */
  public String serverName() {
    return serverName;
  }

  /**
   * The one SPIFFE ID the server may have; null when any identity of the trust domain will do, and
   * outside the mesh, where nobody has one.
   */
  public @Nullable String expectedSpiffeId() {
    return expectedSpiffeId;
  }

  /**
   * The trust generation (own SVID and bundle) that was current when the attempt was made; 0 for a
   * server outside the mesh.
   */
  public long generation() {
    return generation;
  }

  /** How a server outside the mesh is spoken to; null within it. */
  public @Nullable OutsideTls outside() {
    return outside;
  }
}
