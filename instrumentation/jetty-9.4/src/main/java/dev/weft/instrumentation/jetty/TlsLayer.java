package dev.weft.instrumentation.jetty;

import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Connector;

/** Lays TLS over a connection, as a version of Jetty does it. Stateless. */
public interface TlsLayer {
  /** TLS by {@code engine}, and above it what the connector speaks by default. */
  SslConnection over(
      EndPoint endPoint, Connector connector, SSLEngine engine, MeshHandshake handshake);
}
