package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.snapshot.ClientTls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.apache.http.HttpHost;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.HttpHostConnectException;

/** Connects an attempt to its instance, past proxies and DNS, and layers mTLS where it must be. */
final class InstanceSocket {
  private final DataPlane dataPlane;
  private final Attempt attempt;

  InstanceSocket(DataPlane dataPlane, Attempt attempt) {
    this.dataPlane = dataPlane;
    this.attempt = attempt;
  }

  /**
   * Connects.
   *
   * @param asked the client's own connect timeout in milliseconds, 0 for none
   * @param host the service, for the library's exceptions
   */
  void connect(Holder holder, int asked, HttpHost host) throws IOException {
    InetAddress address = new InetSocketAddress(attempt.address(), attempt.port()).getAddress();
    if (address == null) {
      throw new UnknownHostException(attempt.address());
    }
    Socket socket = new Socket(Proxy.NO_PROXY);
    // Held before it is connected, so that an abort of the application closes it.
    holder.hold(socket);
    boolean done = false;
    try {
      holder.configure(socket);
      int timeout = shorter(asked, attempt.connectTimeoutMillis());
      socket.connect(new InetSocketAddress(address, attempt.port()), timeout);
      ClientTls tls = attempt.tls();
      if (tls == null) {
        dataPlane.transport().plaintext(ConnectionObserver.Side.OUTBOUND);
      }
      holder.ready(
          tls == null
              ? socket
              : dataPlane.transport().layer(socket, attempt.address(), attempt.port(), tls));
      done = true;
    } catch (SocketTimeoutException e) {
      throw new ConnectTimeoutException(e, host, address);
    } catch (ConnectException e) {
      throw new HttpHostConnectException(e, host, address);
    } finally {
      if (!done) {
        socket.close();
      }
    }
  }

  /** The shorter of two times in milliseconds, where 0 is for ever. */
  private static int shorter(int asked, long allowed) {
    if (allowed <= 0 || allowed > Integer.MAX_VALUE) {
      return asked;
    }
    return asked <= 0 ? (int) allowed : (int) Math.min(asked, allowed);
  }

  /** The library's connection that the socket is for. */
  interface Holder {
    /** Takes a socket that is not connected. */
    void hold(Socket socket) throws IOException;

    /** Sets what the client is configured for. */
    void configure(Socket socket) throws IOException;

    /** Takes the connected, secured socket. */
    void ready(Socket socket) throws IOException;
  }
}
