package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.TransportSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;

/**
 * Connects attempts of clients with blocking sockets to their instances, past proxies and DNS of
 * the application, and secures the connection where it must be.
 */
public final class InstanceSocket {
  private InstanceSocket() {}

  /**
   * Connects.
   *
   * @param askedMillis the client's own connect timeout, 0 for none; policy may shorten it
   * @throws java.net.SocketTimeoutException when connecting or the handshake took too long
   * @throws java.net.ConnectException when nothing listens
   * @throws IOException in every case the socket is closed
   */
  public static void connect(
      TransportSecurity transport, Attempt attempt, int askedMillis, Owner owner)
      throws IOException {
    InetAddress address = new InetSocketAddress(attempt.address(), attempt.port()).getAddress();
    if (address == null) {
      throw new UnknownHostException(attempt.address());
    }
    Socket socket = owner.create();
    boolean done = false;
    try {
      // Before it is connected, so that an abort of the application closes it.
      owner.hold(socket);
      owner.configure(socket);
      int timeout = shorter(askedMillis, attempt.connectTimeoutMillis());
      socket.connect(new InetSocketAddress(address, attempt.port()), timeout);
      ClientTls tls = attempt.tls();
      if (tls == null) {
        transport.plaintext(ConnectionObserver.Side.OUTBOUND);
        owner.ready(socket);
      } else {
        owner.ready(
            transport.layer(
                socket, attempt.address(), attempt.port(), tls, owner.alpn(), owner.flushes()));
      }
      done = true;
    } finally {
      if (!done) {
        socket.close();
      }
    }
  }

  /** The shorter of two times in milliseconds, where 0 is for ever. */
  private static int shorter(int asked, long allowed) {
    if (allowed <= 0 || allowed > Integer.MAX_VALUE) {
      return Math.max(asked, 0);
    }
    return asked <= 0 ? (int) allowed : (int) Math.min(asked, allowed);
  }

  /** The client's connection that a socket is for. */
  public interface Owner {
    /** Makes a socket that is not connected. */
    default Socket create() throws IOException {
      return new Socket(Proxy.NO_PROXY);
    }

    /** Takes a socket that is not connected. */
    void hold(Socket socket) throws IOException;

    /** Sets what the client is configured for. */
    void configure(Socket socket) throws IOException;

    /**
     * Whether this client flushes what it wants sent, as HTTP clients do. What others write is sent
     * at once.
     */
    default boolean flushes() {
      return true;
    }

    /** What the client is going to speak, as {@link Alpn} names it. */
    default String alpn() {
      return Alpn.WEFT_HTTP_1;
    }

    /** Takes the connected, secured socket. */
    void ready(Socket socket) throws IOException;
  }
}
