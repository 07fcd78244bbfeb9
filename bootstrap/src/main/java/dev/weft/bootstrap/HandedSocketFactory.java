package dev.weft.bootstrap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A socket factory that a library can be told to use by its class name, for the boot loader is the
 * one that every library sees. It stands for the factory that the same thread has handed over; with
 * none it cannot be made, so that nobody falls back to plaintext. Thread-safe.
 */
public final class HandedSocketFactory extends SocketFactory {
  private static final ThreadLocal<@Nullable SocketFactory> HANDED = new ThreadLocal<>();

  private final SocketFactory factory;

  /**
   * For a library.
   *
   * @throws IllegalStateException when this thread has handed over none
   */
  public HandedSocketFactory() {
    SocketFactory handed = HANDED.get();
    if (handed == null) {
      throw new IllegalStateException("no socket factory was handed over by this thread");
    }
    this.factory = handed;
  }

  /** Hands over a factory to what this thread calls, until {@link #take}. */
  public static void hand(SocketFactory handed) {
    HANDED.set(handed);
  }

  /** Takes it back. */
  public static void take() {
    HANDED.remove();
  }

  @Override
  public Socket createSocket() throws IOException {
    return factory.createSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return factory.createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return factory.createSocket(host, port, local, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return factory.createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return factory.createSocket(host, port, local, localPort);
  }
}
