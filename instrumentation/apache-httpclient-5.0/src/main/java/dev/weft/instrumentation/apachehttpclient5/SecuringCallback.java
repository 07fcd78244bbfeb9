package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.nio.ManagedAsyncClientConnection;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.util.Timeout;

/** Begins TLS on a connection that was just made, before whoever asked for it hears of it. */
final class SecuringCallback implements FutureCallback<ManagedAsyncClientConnection> {
  private static final Timeout HANDSHAKE =
      Timeout.of(TransportSecurity.HANDSHAKE_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);

  private final FutureCallback<ManagedAsyncClientConnection> callback;
  private final TransportSecurity transport;
  private final Attempt attempt;
  private final String[] protocols;

  SecuringCallback(
      FutureCallback<ManagedAsyncClientConnection> callback,
      TransportSecurity transport,
      Attempt attempt,
      String[] protocols) {
    this.callback = callback;
    this.transport = transport;
    this.attempt = attempt;
    this.protocols = protocols;
  }

  @Override
  public void completed(ManagedAsyncClientConnection connection) {
    try {
      secure(connection);
    } catch (Throwable t) {
      connection.close(CloseMode.IMMEDIATE);
      callback.failed(t instanceof java.io.IOException ? (Exception) t : Outcome.refusal(t));
      return;
    }
    callback.completed(connection);
  }

  private void secure(ManagedAsyncClientConnection connection) throws java.io.IOException {
    ClientTls tls = attempt.tls();
    if (tls == null) {
      transport.plaintext(ConnectionObserver.Side.OUTBOUND);
      return;
    }
    MeshTls mesh = new MeshTls(transport, tls, protocols, connection);
    connection.startTls(
        transport.clientContext(tls),
        new HttpHost("http", attempt.address(), attempt.port()),
        SSLBufferMode.STATIC,
        mesh,
        mesh,
        HANDSHAKE);
  }

  @Override
  public void failed(Exception cause) {
    callback.failed(cause);
  }

  @Override
  public void cancelled() {
    callback.cancelled();
  }
}
