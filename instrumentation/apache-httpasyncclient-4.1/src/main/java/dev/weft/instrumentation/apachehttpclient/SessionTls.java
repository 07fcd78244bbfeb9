package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.HandshakeResult;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.http.HttpHost;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.conn.SchemeIOSessionStrategy;
import org.apache.http.nio.reactor.IOSession;
import org.apache.http.nio.reactor.ssl.SSLIOSession;
import org.apache.http.nio.reactor.ssl.SSLMode;
import org.apache.http.nio.reactor.ssl.SSLSetupHandler;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Mesh TLS on one connection: sets up its engine, and judges the server before a byte of the
 * application leaves. The connection holds it, so it lives as long. For the connection's thread.
 */
final class SessionTls implements SchemeIOSessionStrategy, SSLSetupHandler {
  /** Where the client's connections look for how a scheme is layered, by version. */
  private static final String[] LAYERS = {
    "http.iosession-factory-registry", "http.ioSession-factory-registry"
  };

  private final TransportSecurity transport;
  private final Attempt attempt;
  private final ClientTls tls;
  private @Nullable Runnable closer;
  private @Nullable Runnable forget;

  SessionTls(TransportSecurity transport, Attempt attempt, ClientTls tls) {
    this.transport = transport;
    this.attempt = attempt;
    this.tls = tls;
  }

  /**
   * Layers TLS on a connection that was just made.
   *
   * @throws SSLException when the client's connections know no layers by context
   */
  void layer(
      NHttpClientConnectionManager connections, NHttpClientConnection connection, HttpRoute route)
      throws IOException {
    Registry<SchemeIOSessionStrategy> layers =
        RegistryBuilder.<SchemeIOSessionStrategy>create().register("http", this).build();
    HttpContext where = new BasicHttpContext();
    for (String name : LAYERS) {
      where.setAttribute(name, layers);
    }
    connections.startRoute(connection, route, where);
    if (closer == null) {
      throw new SSLException(
          "refused by the service mesh: the client's connections cannot be secured");
    }
  }

  @Override
  public boolean isLayeringRequired() {
    return true;
  }

  @Override
  public IOSession upgrade(HttpHost host, IOSession session) throws IOException {
    SSLIOSession secured =
        new SSLIOSession(
            session,
            SSLMode.CLIENT,
            new HttpHost(attempt.address(), attempt.port()),
            transport.clientContext(tls),
            this);
    closer = secured::shutdown;
    session.setAttribute(SSLIOSession.SESSION_KEY, secured);
    secured.initialize();
    return secured;
  }

  @Override
  public void initalize(SSLEngine engine) {
    transport.configure(engine, tls, Alpn.WEFT_HTTP_1);
  }

  /** A resumed handshake asks no trust manager; TLS 1.3 ends its handshake with two messages. */
  @Override
  public void verify(IOSession session, SSLSession handshaken) throws SSLException {
    boolean again = forget != null;
    Runnable registered =
        transport.judge(handshaken, tls, java.util.Objects.requireNonNull(closer));
    if (forget != null) {
      forget.run();
    }
    forget = registered;
    if (!again) {
      transport.handshake(tls, HandshakeResult.OK);
    }
  }
}
