package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.outbound.Attempt;
import java.net.InetAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where an instance is, in a form that no transport can connect to: only one that a unit of the
 * mesh secures gets the real address, so a connection that nobody secured cannot be. Immutable.
 */
public final class InstanceAddress extends SocketAddress {
  private static final long serialVersionUID = 1L;

  private final transient Attempt attempt;

  private final transient InetAddress resolved;

  InstanceAddress(Attempt attempt, InetAddress resolved) {
    this.attempt = attempt;
    this.resolved = resolved;
  }

  /** An attempt at this instance, which says what its connections have to be like. */
  public Attempt attempt() {
    return attempt;
  }

  /** Its real address, for whoever secures the connection. */
  public InetAddress resolved() {
    return resolved;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof InstanceAddress
        && ((InstanceAddress) other).attempt.poolKey().equals(attempt.poolKey());
  }

  @Override
  public int hashCode() {
    return attempt.poolKey().hashCode();
  }

  @Override
  public String toString() {
    return attempt.address() + ":" + attempt.port();
  }
}
