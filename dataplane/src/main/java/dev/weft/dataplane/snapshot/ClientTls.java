package dev.weft.dataplane.snapshot;

import org.jspecify.annotations.Nullable;

/**
 * What mesh TLS on an attempt's connection has to hold. Immutable, one object per endpoint and
 * trust generation, so that it may be compared by identity.
 */
public final class ClientTls {
  private final String serverName;
  private final @Nullable String expectedSpiffeId;
  private final long generation;

  private ClientTls(String serverName, @Nullable String expectedSpiffeId, long generation) {
    this.serverName = serverName;
    this.expectedSpiffeId = expectedSpiffeId;
    this.generation = generation;
  }

  /** See the getters. */
  public static ClientTls of(
      String serverName, @Nullable String expectedSpiffeId, long generation) {
    return new ClientTls(serverName, expectedSpiffeId, generation);
  }

  /** Server name to indicate: the canonical host of the service. */
  public String serverName() {
    return serverName;
  }

  /** The one SPIFFE ID the server may have; null when any identity of the trust domain will do. */
  public @Nullable String expectedSpiffeId() {
    return expectedSpiffeId;
  }

  /** The trust generation (own SVID and bundle) that was current when the attempt was made. */
  public long generation() {
    return generation;
  }
}
