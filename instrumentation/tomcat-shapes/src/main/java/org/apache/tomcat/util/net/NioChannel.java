package org.apache.tomcat.util.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/**
 * What {@code NioChannel} has in any of Tomcat's versions 8.5 to 11, to compile against: no version
 * has all of it.
 */
public class NioChannel implements ByteChannel {
  /** The socket. */
  protected SocketChannel sc;

  /** Never run. */
  protected NioChannel() {}

  /** Versions with a selector pool: the next connection of this channel, before its socket. */
  public void reset() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Later versions: the next connection of this channel. */
  public void reset(SocketChannel channel, NioEndpoint.NioSocketWrapper wrapper)
      throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Versions with a selector pool: the connection's wrapper. */
  public Object getAttachment() {
    throw new UnsupportedOperationException();
  }

  /** All versions. */
  public void free() {
    throw new UnsupportedOperationException();
  }

  /** All versions. */
  public SocketBufferHandler getBufHandler() {
    throw new UnsupportedOperationException();
  }

  /** All versions. */
  public boolean isHandshakeComplete() {
    throw new UnsupportedOperationException();
  }

  /** All versions. */
  public int handshake(boolean read, boolean write) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** All versions. */
  protected void checkInterruptStatus() throws IOException {
    throw new UnsupportedOperationException();
  }

  /** All versions. */
  public void close(boolean force) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    throw new UnsupportedOperationException();
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Later versions. */
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Later versions. */
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    throw new UnsupportedOperationException();
  }
}
