package dev.weft.instrumentation.grpcokhttp;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.AttemptSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/** Makes the socket of one connection: it goes to an instance, wherever it is said to go. */
final class InstanceSockets extends SocketFactory {
  private final TransportSecurity transport;
  private final Attempt attempt;
  private final SocketFactory own;

  /**
   * @param own the channel's, which can make sockets that are not connected
   */
  InstanceSockets(TransportSecurity transport, Attempt attempt, SocketFactory own) {
    this.transport = transport;
    this.attempt = attempt;
    this.own = own;
  }

  @Override
  public Socket createSocket() throws IOException {
    return AttemptSocket.of(transport, attempt, own.createSocket(), Alpn.HTTP_2);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    Socket socket = createSocket();
    socket.connect(new InetSocketAddress(host, port));
    return socket;
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    Socket socket = createSocket();
    socket.bind(new InetSocketAddress(local, localPort));
    socket.connect(new InetSocketAddress(host, port));
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return createSocket(InetAddress.getLoopbackAddress(), port, local, localPort);
  }
}
