package org.apache.tomcat.util.net;

import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/**
 * What {@code SecureNioChannel} has in any of Tomcat's versions 8.5 to 11, to compile against: no
 * version has all of it.
 */
public class SecureNioChannel extends NioChannel {
  /** Bytes from the network, not decrypted yet. */
  protected ByteBuffer netInBuffer;

  /** Encrypted bytes for the network. */
  protected ByteBuffer netOutBuffer;

  /** Null until the ClientHello is there. */
  protected SSLEngine sslEngine;

  /** Whether the engine is chosen. */
  protected boolean sniComplete;

  /** Where the handshake is. */
  protected HandshakeStatus handshakeStatus;

  /** 8.5.43, 9.0.16 and their neighbours. */
  public SecureNioChannel(
      SocketChannel channel,
      SocketBufferHandler buffers,
      NioSelectorPool pool,
      NioEndpoint endpoint) {
    throw new UnsupportedOperationException();
  }

  /** 9.0.39, 9.0.41 and their neighbours. */
  public SecureNioChannel(SocketBufferHandler buffers, NioSelectorPool pool, NioEndpoint endpoint) {
    throw new UnsupportedOperationException();
  }

  /** Later versions. */
  public SecureNioChannel(SocketBufferHandler buffers, NioEndpoint endpoint) {
    throw new UnsupportedOperationException();
  }

  /** Later versions. */
  public SSLSupport getSSLSupport() {
    throw new UnsupportedOperationException();
  }

  /** Earlier versions. */
  public SSLEngine getSslEngine() {
    throw new UnsupportedOperationException();
  }
}
