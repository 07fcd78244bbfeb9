package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.outbound.InstanceSocket;
import java.io.IOException;
import java.net.Socket;
import org.apache.http.HttpHost;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** As {@link ConnectHook}, for the connections of deprecated clients. */
@SuppressWarnings("deprecation") // the deprecated clients are what this is for
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
    Sending sending = where == null ? null : Sending.in(where);
    if (where == null || sending == null) {
      return Permit.GRANTED;
    }
    sending.connecting();
    org.apache.http.conn.OperatedClientConnection opened =
        (org.apache.http.conn.OperatedClientConnection) requireNonNull(connection);
    HttpHost instance = (HttpHost) requireNonNull(host);
    org.apache.http.params.HttpParams settings =
        (org.apache.http.params.HttpParams) requireNonNull(params);
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
          org.apache.http.params.HttpConnectionParams.getConnectionTimeout(settings),
          owner);
      return Outcome.returned(null);
    } catch (IOException e) {
      HttpHost called = service instanceof HttpHost ? (HttpHost) service : instance;
      return Outcome.failed(LocalFailures.connecting(e, sending.attempt(), called));
    }
  }

  private static void configure(Socket socket, org.apache.http.params.HttpParams params)
      throws IOException {
    socket.setReuseAddress(org.apache.http.params.HttpConnectionParams.getSoReuseaddr(params));
    socket.setTcpNoDelay(org.apache.http.params.HttpConnectionParams.getTcpNoDelay(params));
    socket.setSoTimeout(org.apache.http.params.HttpConnectionParams.getSoTimeout(params));
    int linger = org.apache.http.params.HttpConnectionParams.getLinger(params);
    if (linger >= 0) {
      socket.setSoLinger(linger > 0, linger);
    }
  }
}
