package dev.weft.instrumentation.javahttpclient;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.TransportSecurity;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BiFunction;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * An engine of the mesh, as the client has to see it: what the mesh calls {@code weft-http/1.1} in
 * the handshake is {@code http/1.1} to the client, which takes any third word for a failure. Judges
 * the server's identity before a byte of the application leaves.
 */
final class MeshEngine extends SSLEngine {
  private final SSLEngine engine;
  private final OpenConnection connection;

  MeshEngine(SSLEngine engine, TransportSecurity transport, ClientTls tls) {
    super(engine.getPeerHost(), engine.getPeerPort());
    this.engine = engine;
    this.connection = new OpenConnection(transport, tls);
  }

  /** The connection this engine is for. */
  OpenConnection connection() {
    return connection;
  }

  /** A resumed handshake asks no trust manager, so the peer is judged after every one. */
  private SSLEngineResult judged(SSLEngineResult result) throws SSLException {
    if (result.getHandshakeStatus() == SSLEngineResult.HandshakeStatus.FINISHED) {
      connection.judge(engine.getSession());
    }
    return result;
  }

  private SSLException failed(SSLException failure) {
    connection.handshakeFailed(failure);
    return failure;
  }

  private static @Nullable String asClientSays(@Nullable String protocol) {
    return Alpn.WEFT_HTTP_1.equals(protocol) ? "http/1.1" : protocol;
  }

  @Override
  public @Nullable String getApplicationProtocol() {
    return asClientSays(engine.getApplicationProtocol());
  }

  @Override
  public @Nullable String getHandshakeApplicationProtocol() {
    return asClientSays(engine.getHandshakeApplicationProtocol());
  }

  @Override
  public void setHandshakeApplicationProtocolSelector(
      BiFunction<SSLEngine, List<String>, String> selector) {
    engine.setHandshakeApplicationProtocolSelector(selector);
  }

  @Override
  public BiFunction<SSLEngine, List<String>, String> getHandshakeApplicationProtocolSelector() {
    return engine.getHandshakeApplicationProtocolSelector();
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer source, ByteBuffer target) throws SSLException {
    try {
      return judged(engine.wrap(source, target));
    } catch (SSLException e) {
      throw failed(e);
    }
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
      throws SSLException {
    try {
      return judged(engine.wrap(sources, offset, length, target));
    } catch (SSLException e) {
      throw failed(e);
    }
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer target) throws SSLException {
    try {
      return judged(engine.unwrap(source, target));
    } catch (SSLException e) {
      throw failed(e);
    }
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
      throws SSLException {
    try {
      return judged(engine.unwrap(source, targets, offset, length));
    } catch (SSLException e) {
      throw failed(e);
    }
  }

  @Override
  public @Nullable Runnable getDelegatedTask() {
    return engine.getDelegatedTask();
  }

  @Override
  public void closeInbound() throws SSLException {
    engine.closeInbound();
  }

  @Override
  public boolean isInboundDone() {
    return engine.isInboundDone();
  }

  @Override
  public void closeOutbound() {
    engine.closeOutbound();
  }

  @Override
  public boolean isOutboundDone() {
    return engine.isOutboundDone();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return engine.getSupportedCipherSuites();
  }

  @Override
  public String[] getEnabledCipherSuites() {
    return engine.getEnabledCipherSuites();
  }

  @Override
  public void setEnabledCipherSuites(String[] suites) {
    engine.setEnabledCipherSuites(suites);
  }

  @Override
  public String[] getSupportedProtocols() {
    return engine.getSupportedProtocols();
  }

  @Override
  public String[] getEnabledProtocols() {
    return engine.getEnabledProtocols();
  }

  @Override
  public void setEnabledProtocols(String[] protocols) {
    engine.setEnabledProtocols(protocols);
  }

  @Override
  public SSLSession getSession() {
    return engine.getSession();
  }

  @Override
  public @Nullable SSLSession getHandshakeSession() {
    return engine.getHandshakeSession();
  }

  @Override
  public void beginHandshake() throws SSLException {
    engine.beginHandshake();
  }

  @Override
  public SSLEngineResult.HandshakeStatus getHandshakeStatus() {
    return engine.getHandshakeStatus();
  }

  @Override
  public void setUseClientMode(boolean client) {
    engine.setUseClientMode(client);
  }

  @Override
  public boolean getUseClientMode() {
    return engine.getUseClientMode();
  }

  @Override
  public void setNeedClientAuth(boolean need) {
    engine.setNeedClientAuth(need);
  }

  @Override
  public boolean getNeedClientAuth() {
    return engine.getNeedClientAuth();
  }

  @Override
  public void setWantClientAuth(boolean want) {
    engine.setWantClientAuth(want);
  }

  @Override
  public boolean getWantClientAuth() {
    return engine.getWantClientAuth();
  }

  @Override
  public void setEnableSessionCreation(boolean enabled) {
    engine.setEnableSessionCreation(enabled);
  }

  @Override
  public boolean getEnableSessionCreation() {
    return engine.getEnableSessionCreation();
  }

  @Override
  public SSLParameters getSSLParameters() {
    return engine.getSSLParameters();
  }

  @Override
  public void setSSLParameters(SSLParameters parameters) {
    engine.setSSLParameters(parameters);
  }
}
