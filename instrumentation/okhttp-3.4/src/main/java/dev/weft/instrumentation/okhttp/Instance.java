package dev.weft.instrumentation.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * An instance as an {@link okhttp3.Address} names it: the DNS that resolves to it and the factory
 * of sockets that go to it. Equal for attempts that may share connections. Lives as long as its
 * connections, so it forgets the attempt when that is over. Thread-safe.
 */
final class Instance extends SocketFactory implements Dns {
  private final String poolKey;
  private final String address;
  private final SocketFactory sockets;
  private volatile @Nullable Sending sending;

  /**
   * An instance.
   *
   * @param sockets the application's
   */
  Instance(Sending sending, SocketFactory sockets) {
    this.poolKey = sending.attempt().poolKey();
    this.address = sending.attempt().address();
    this.sockets = sockets;
    this.sending = sending;
  }

  /** Makes no more sockets. */
  void forget() {
    sending = null;
  }

  @Override
  public List<InetAddress> lookup(String hostname) throws UnknownHostException {
    return Collections.singletonList(InetAddress.getByName(address));
  }

  @Override
  public Socket createSocket() throws IOException {
    Sending current = sending;
    if (current == null) {
      throw new SocketException("the attempt for " + address + " is over");
    }
    return current.open(sockets.createSocket());
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unconnectedOnly();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unconnectedOnly();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unconnectedOnly();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    throw unconnectedOnly();
  }

  private static IOException unconnectedOnly() {
    return new SocketException("sockets to instances of the mesh are made unconnected");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Instance && ((Instance) other).poolKey.equals(poolKey);
  }

  @Override
  public int hashCode() {
    return poolKey.hashCode();
  }
}
