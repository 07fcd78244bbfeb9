package dev.weft.instrumentation.testing.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port on loopback that refuses connections, and that nobody else is given until it closes. */
public final class RefusingPort implements AutoCloseable {
  // Bound, but nobody listens: the system answers with a reset and gives the port to no other.
  private final Socket bound;

  private RefusingPort(Socket bound) {
    this.bound = bound;
  }

  /** Takes a port. */
  public static RefusingPort open() {
    try {
      Socket bound = new Socket();
      bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      return new RefusingPort(bound);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its number. */
  public int port() {
    return bound.getLocalPort();
  }

  @Override
  public void close() {
    try {
      bound.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
