package dev.weft.instrumentation.testing.inbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;

/** How the first record of a client travels. Immutable. */
final class HelloShape {
  /** As JSSE sends it. */
  static final HelloShape WHOLE = new HelloShape(0, 0);

  private static final int HEADER = 5;

  private final int segment;
  private final int fragment;

  private HelloShape(int segment, int fragment) {
    this.segment = segment;
    this.fragment = fragment;
  }

  /** One record, in segments of {@code size} bytes. */
  static HelloShape segments(int size) {
    return new HelloShape(size, 0);
  }

  /** Several records with {@code size} bytes of the ClientHello each (RFC 8446, section 5.1). */
  static HelloShape records(int size) {
    return new HelloShape(0, size);
  }

  /** A socket that shapes what JSSE writes first. */
  Socket over(Socket socket) {
    return this == WHOLE ? socket : new Shaped(socket, this);
  }

  private void send(OutputStream out, byte[] record) throws IOException {
    byte[] shaped = fragment == 0 ? record : split(record);
    int step = segment == 0 ? shaped.length : segment;
    for (int at = 0; at < shaped.length; at += step) {
      out.write(shaped, at, Math.min(step, shaped.length - at));
      out.flush();
    }
  }

  private byte[] split(byte[] record) {
    int records = (record.length - HEADER + fragment - 1) / fragment;
    byte[] all = new byte[record.length + (records - 1) * HEADER];
    int to = 0;
    for (int from = HEADER; from < record.length; from += fragment) {
      int length = Math.min(fragment, record.length - from);
      System.arraycopy(record, 0, all, to, 3);
      all[to + 3] = (byte) (length >> 8);
      all[to + 4] = (byte) length;
      System.arraycopy(record, from, all, to + HEADER, length);
      to += HEADER + length;
    }
    return all;
  }

  /** As much of a socket as JSSE needs below it. */
  private static final class Shaped extends Socket {
    private final Socket socket;
    private final OutputStream out;

    Shaped(Socket socket, HelloShape shape) {
      this.socket = socket;
      this.out = new FirstWrite(socket, shape);
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return socket.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return out;
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public InetAddress getInetAddress() {
      return socket.getInetAddress();
    }

    @Override
    public int getPort() {
      return socket.getPort();
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
      socket.setSoTimeout(millis);
    }

    @Override
    public synchronized int getSoTimeout() throws SocketException {
      return socket.getSoTimeout();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws SocketException {
      socket.setTcpNoDelay(on);
    }

    @Override
    public void setSoLinger(boolean on, int seconds) throws SocketException {
      socket.setSoLinger(on, seconds);
    }

    @Override
    public synchronized void close() throws IOException {
      socket.close();
    }
  }

  private static final class FirstWrite extends OutputStream {
    private final Socket socket;
    private final HelloShape shape;
    private boolean sent;

    FirstWrite(Socket socket, HelloShape shape) {
      this.socket = socket;
      this.shape = shape;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      OutputStream out = socket.getOutputStream();
      if (sent) {
        out.write(bytes, offset, length);
      } else {
        sent = true;
        shape.send(out, Arrays.copyOfRange(bytes, offset, offset + length));
      }
    }

    @Override
    public void flush() throws IOException {
      socket.getOutputStream().flush();
    }
  }
}
