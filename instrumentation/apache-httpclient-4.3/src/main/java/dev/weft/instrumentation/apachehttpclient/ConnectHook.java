package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
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
      @Nullable Object context,
      @Nullable Object config,
      @Nullable Object connectTimeout) {
    HttpContext where = (HttpContext) context;
    Sending sending = where == null ? null : Sending.in(where);
    if (sending == null) {
      return Permit.GRANTED;
    }
    sending.connecting();
    try {
      connect(
          (ManagedHttpClientConnection) requireNonNull(connection),
          sending.attempt(),
          (SocketConfig) requireNonNull(config),
          shorter(
              (Integer) requireNonNull(connectTimeout), sending.attempt().connectTimeoutMillis()),
          HttpClientContext.adapt(where).getTargetHost());
      return Outcome.returned(null);
    } catch (IOException e) {
      return Outcome.failed(e);
    }
  }

  private void connect(
      ManagedHttpClientConnection connection,
      Attempt attempt,
      SocketConfig config,
      int timeout,
      HttpHost host)
      throws IOException {
    InetAddress address = new InetSocketAddress(attempt.address(), attempt.port()).getAddress();
    if (address == null) {
      throw new UnknownHostException(attempt.address());
    }
    Socket socket = new Socket(Proxy.NO_PROXY);
    // Bound before it is connected, so that an abort of the application closes it.
    connection.bind(socket);
    boolean done = false;
    try {
      configure(socket, config);
      socket.connect(new InetSocketAddress(address, attempt.port()), timeout);
      ClientTls tls = attempt.tls();
      if (tls == null) {
        context().dataPlane().transport().plaintext(ConnectionObserver.Side.OUTBOUND);
      }
      connection.bind(
          tls == null
              ? socket
              : context()
                  .dataPlane()
                  .transport()
                  .layer(socket, attempt.address(), attempt.port(), tls));
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

  private static void configure(Socket socket, SocketConfig config) throws IOException {
    socket.setSoTimeout(config.getSoTimeout());
    socket.setReuseAddress(config.isSoReuseAddress());
    socket.setTcpNoDelay(config.isTcpNoDelay());
    socket.setKeepAlive(config.isSoKeepAlive());
    if (config.getSoLinger() >= 0) {
      socket.setSoLinger(true, config.getSoLinger());
    }
  }

  /** The shorter of two times in milliseconds, where 0 is for ever. */
  private static int shorter(int asked, long allowed) {
    if (allowed <= 0 || allowed > Integer.MAX_VALUE) {
      return asked;
    }
    return asked <= 0 ? (int) allowed : (int) Math.min(asked, allowed);
  }
}
