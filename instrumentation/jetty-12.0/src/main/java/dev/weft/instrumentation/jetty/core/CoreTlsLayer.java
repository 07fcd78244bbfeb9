package dev.weft.instrumentation.jetty.core;

import dev.weft.instrumentation.jetty.MeshHandshake;
import dev.weft.instrumentation.jetty.TlsLayer;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;

/** Lays mesh TLS over a connection of Jetty 12. Stateless. */
public final class CoreTlsLayer implements TlsLayer {
  /** Made by name, where Jetty is 12. */
  public CoreTlsLayer() {}

  @Override
  public SslConnection over(
      EndPoint endPoint, Connector connector, SSLEngine engine, MeshHandshake handshake) {
    CoreTlsConnection tls = new CoreTlsConnection(connector, endPoint, engine, handshake);
    EndPoint decrypted = tls.getSslEndPoint();
    decrypted.setConnection(
        connector.getDefaultConnectionFactory().newConnection(connector, decrypted));
    return tls;
  }
}
