package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.InstanceSocket;
import java.io.IOException;
import java.net.Socket;
import org.apache.http.HttpHost;
import org.apache.http.conn.OperatedClientConnection;
import org.apache.http.params.HttpConnectionParams;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Connects an attempt to its instance, past proxies and DNS, and layers mTLS where it must be. */
public final class OperatorHook extends MeshHook {
  /** For the hook loader. */
  public OperatorHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object connection,
      @Nullable Object host,
      @Nullable Object context,
      @Nullable Object params) {
    HttpContext where = (HttpContext) context;
    HttpHost instance = (HttpHost) requireNonNull(host);
    Sending sending = where == null ? null : Sending.in(where);
    if (where == null || sending == null) {
      return Unsent.connection(context(), instance, "a DefaultRequestDirector");
    }
    sending.connecting();
    OperatedClientConnection opened = (OperatedClientConnection) requireNonNull(connection);
    HttpParams settings = (HttpParams) requireNonNull(params);
    Object service = where.getAttribute("http.target_host");
    InstanceSocket.Owner owner =
        new InstanceSocket.Owner() {
          @Override
          public void hold(Socket socket) throws IOException {
            opened.opening(socket, instance);
          }

          @Override
          public void configure(Socket socket) throws IOException {
            OperatorHook.configure(socket, settings);
          }

          @Override
          public void ready(Socket socket) throws IOException {
            opened.opening(socket, instance);
            opened.openCompleted(false, settings);
          }
        };
    try {
      InstanceSocket.connect(
          context().dataPlane().transport(),
          sending.attempt(),
          HttpConnectionParams.getConnectionTimeout(settings),
          owner);
      return Outcome.returned(null);
    } catch (IOException e) {
      HttpHost called = service instanceof HttpHost ? (HttpHost) service : instance;
      return Outcome.failed(LocalFailures.connecting(e, called));
    }
  }

  private static void configure(Socket socket, HttpParams params) throws IOException {
    // The parameter that later versions name SO_REUSEADDR.
    socket.setReuseAddress(params.getBooleanParameter("http.socket.reuseaddr", false));
    socket.setTcpNoDelay(HttpConnectionParams.getTcpNoDelay(params));
    socket.setSoTimeout(HttpConnectionParams.getSoTimeout(params));
    int linger = HttpConnectionParams.getLinger(params);
    if (linger >= 0) {
      socket.setSoLinger(linger > 0, linger);
    }
  }
}
