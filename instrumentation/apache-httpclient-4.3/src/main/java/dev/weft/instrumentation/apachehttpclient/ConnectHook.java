package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.InstanceSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.apache.http.HttpHost;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.HttpHostConnectException;
import org.apache.http.conn.ManagedHttpClientConnection;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Connects an attempt to its instance, past proxies and DNS, and layers mTLS where it must be. */
public final class ConnectHook extends MeshHook {
  /** For the hook loader. */
  public ConnectHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object connection,
      @Nullable Object host,
      @Nullable Object context,
      @Nullable Object all) {
    HttpContext where = (HttpContext) context;
    Sending sending = where == null ? null : Sending.in(where);
    if (sending == null) {
      return Unsent.connection(context(), (HttpHost) requireNonNull(host), "an execution chain");
    }
    Object[] arguments = (Object[]) requireNonNull(all);
    sending.connecting();
    ManagedHttpClientConnection bound = (ManagedHttpClientConnection) requireNonNull(connection);
    SocketConfig settings = (SocketConfig) arguments[4];
    InstanceSocket.Owner owner =
        new InstanceSocket.Owner() {
          @Override
          public void hold(Socket socket) throws IOException {
            bound.bind(socket);
          }

          @Override
          public void configure(Socket socket) throws IOException {
            ConnectHook.configure(socket, settings);
          }

          @Override
          public void ready(Socket socket) throws IOException {
            bound.bind(socket);
          }
        };
    try {
      InstanceSocket.connect(
          context().dataPlane().transport(), sending.attempt(), (Integer) arguments[3], owner);
      return Outcome.returned(null);
    } catch (IOException e) {
      HttpHost service = HttpClientContext.adapt(where).getTargetHost();
      return Outcome.failed(connecting(e, sending.attempt(), service));
    }
  }

  /** What the library throws when connecting for an attempt failed so. */
  private static IOException connecting(IOException failure, Attempt attempt, HttpHost host) {
    InetAddress address = new InetSocketAddress(attempt.address(), attempt.port()).getAddress();
    if (failure instanceof SocketTimeoutException) {
      return new ConnectTimeoutException(failure, host, address);
    }
    return failure instanceof ConnectException
        ? new HttpHostConnectException(failure, host, address)
        : failure;
  }

  private static void configure(Socket socket, SocketConfig config) throws IOException {
    socket.setSoTimeout(config.getSoTimeout());
    socket.setReuseAddress(config.isSoReuseAddress());
    socket.setTcpNoDelay(config.isTcpNoDelay());
    socket.setKeepAlive(config.isSoKeepAlive());
    if (config.getSoLinger() >= 0) {
      socket.setSoLinger(true, config.getSoLinger());
    }
  }
}
