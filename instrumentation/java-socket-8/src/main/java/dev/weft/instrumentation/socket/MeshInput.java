package dev.weft.instrumentation.socket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;

/**
 * What arrives. TLS reads an end of the stream when its own side closes; a socket's reader learns
 * that it was closed.
 */
final class MeshInput extends FilterInputStream {
  private final MeshSocketImpl socket;

  MeshInput(InputStream in, MeshSocketImpl socket) {
    super(in);
    this.socket = socket;
  }

  @Override
  public int read() throws IOException {
    return checked(in.read());
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return checked(in.read(bytes, offset, length));
  }

  private int checked(int read) throws IOException {
    if (read < 0 && socket.closed()) {
      throw new SocketException("Socket closed");
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
