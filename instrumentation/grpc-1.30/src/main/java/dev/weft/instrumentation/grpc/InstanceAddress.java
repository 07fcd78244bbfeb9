package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.outbound.Attempt;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where an instance is, in a form that leads nowhere: only a transport that a unit of the mesh
 * secures gets the real address, so a connection that nobody secured cannot be. As a transport may
 * take it for the address of a socket, it is one, of a port that nobody can listen on. Immutable;
 * all are equal, and nobody compares them.
 */
public final class InstanceAddress extends InetSocketAddress {
  private static final long serialVersionUID = 1L;

  /** What a transport that connects to it says it could not reach. */
  private static final String NOWHERE = "connection-not-secured-by-the-service-mesh";

  private final transient Attempt attempt;

  private final transient InetAddress resolved;

  InstanceAddress(Attempt attempt, InetAddress resolved) {
    super(nowhere(), 0);
    this.attempt = attempt;
    this.resolved = resolved;
  }

  private static InetAddress nowhere() {
    try {
      return InetAddress.getByAddress(NOWHERE, InetAddress.getLoopbackAddress().getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // it has the length of an address
    }
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
  public String toString() {
    return attempt.address() + ":" + attempt.port();
  }
}
