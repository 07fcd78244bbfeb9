package dev.weft.instrumentation.jdbc;

import dev.weft.dataplane.database.ConnectAttempt;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.TransportSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Sockets of one attempt, each connected to its host and secured by mesh mTLS when it is made.
 * Whatever host the driver asks for: there is only one to go to.
 */
final class MeshSockets extends SocketFactory {
  private final TransportSecurity transport;
  private final ConnectAttempt attempt;
  private final ClientTls tls;
  private volatile boolean used;

  MeshSockets(TransportSecurity transport, ConnectAttempt attempt, ClientTls tls) {
    this.transport = transport;
    this.attempt = attempt;
    this.tls = tls;
  }

  /** Whether the driver asked for one. */
  boolean used() {
    return used;
  }

  @Override
  public Socket createSocket() throws IOException {
    Socket socket = new Socket(Proxy.NO_PROXY);
    boolean done = false;
    try {
      int millis = (int) Math.min(attempt.timeoutMillis(), Integer.MAX_VALUE);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(millis);
      socket.connect(new InetSocketAddress(attempt.host(), attempt.port()), millis);
      Socket secured = transport.layer(socket, attempt.host(), attempt.port(), tls);
      secured.setSoTimeout(0);
      done = true;
      used = true;
      return secured;
    } finally {
      if (!done) {
        socket.close();
      }
    }
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return createSocket();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket();
  }
}
