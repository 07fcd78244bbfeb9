package dev.weft.dataplane.identity;

import java.io.BufferedOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A secured connection that looks like a plain socket to the client library. Writes are collected
 * and go out before the next read, so that a request's head and body share one TLS record; while a
 * reader waits already, a flush goes through at once. Thread-safe as a socket is: one reader and
 * one writer.
 */
final class LayeredSocket extends Socket {
  private static final int BUFFER = 16 * 1024;

  private final Socket plain;
  private final SSLSocket secured;
  private final PeerIdentity peer;
  private final Collected out;
  private final Answer in;
  private LiveConnections.@Nullable Registration registration;

  private LayeredSocket(Socket plain, SSLSocket secured, PeerIdentity peer) throws IOException {
    this.plain = plain;
    this.secured = secured;
    this.peer = peer;
    this.out = new Collected(secured.getOutputStream());
    this.in = new Answer(secured.getInputStream(), out, peer);
  }

  static LayeredSocket of(Socket plain, SSLSocket secured, PeerIdentity peer) throws IOException {
    return new LayeredSocket(plain, secured, peer);
  }

  void registered(LiveConnections.Registration as) {
    registration = as;
  }

  /** Collects small writes. */
  private static final class Collected extends BufferedOutputStream {
    private volatile boolean readerWaits;

    Collected(OutputStream out) {
      super(out, BUFFER);
    }

    /** Leaves the bytes where they are until a read, unless a reader waits for their answer. */
    @Override
    public synchronized void flush() throws IOException {
      if (readerWaits) {
        send();
      }
    }

    synchronized void send() throws IOException {
      super.flush();
    }

    @Override
    public void close() throws IOException {
      send();
      super.close();
    }
  }

  /** Sends what was collected before it waits for the answer. */
  private static final class Answer extends FilterInputStream {
    private final Collected out;
    private final PeerIdentity peer;
    private boolean answered;

    Answer(InputStream in, Collected out, PeerIdentity peer) {
      super(in);
      this.out = out;
      this.peer = peer;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      out.readerWaits = true;
      try {
        out.send();
        int count = in.read(bytes, offset, length);
        answered |= count > 0;
        return count;
      } catch (SSLException e) {
        // On TLS 1.3 the server judges us after our handshake is done: its alert comes here.
        if (!answered && String.valueOf(e.getMessage()).contains("alert")) {
          throw new IdentityRefusedException(peer + " refused our identity: " + e.getMessage(), e);
        }
        throw e;
      } finally {
        out.readerWaits = false;
      }
    }

    @Override
    public int available() throws IOException {
      out.send();
      return in.available();
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    return in;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    if (isClosed()) {
      throw new SocketException("Socket is closed");
    }
    return out;
  }

  @Override
  public synchronized void close() throws IOException {
    LiveConnections.Registration as = registration;
    if (as != null) {
      as.remove();
    }
    try {
      if (!secured.isClosed() && !plain.isClosed()) {
        out.send();
      }
    } catch (IOException e) {
      // The peer is gone: what was left to send has no reader, and the sockets are closed below.
    } finally {
      secured.close();
      plain.close();
    }
  }

  @Override
  public void shutdownOutput() throws IOException {
    out.send();
    secured.shutdownOutput();
  }

  @Override
  public void shutdownInput() throws IOException {
    secured.shutdownInput();
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    throw new SocketException("already connected");
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    throw new SocketException("already connected");
  }

  @Override
  public void bind(SocketAddress bindpoint) throws IOException {
    throw new SocketException("already bound");
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return plain.getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return plain.getLocalAddress();
  }

  @Override
  public int getPort() {
    return plain.getPort();
  }

  @Override
  public int getLocalPort() {
    return plain.getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return plain.getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return plain.getLocalSocketAddress();
  }

  @Override
  public @Nullable SocketChannel getChannel() {
    return null;
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    plain.setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return plain.getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int linger) throws SocketException {
    plain.setSoLinger(on, linger);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return plain.getSoLinger();
  }

  @Override
  public synchronized void setSoTimeout(int timeout) throws SocketException {
    secured.setSoTimeout(timeout);
  }

  @Override
  public synchronized int getSoTimeout() throws SocketException {
    return secured.getSoTimeout();
  }

  @Override
  public synchronized void setSendBufferSize(int size) throws SocketException {
    plain.setSendBufferSize(size);
  }

  @Override
  public synchronized int getSendBufferSize() throws SocketException {
    return plain.getSendBufferSize();
  }

  @Override
  public synchronized void setReceiveBufferSize(int size) throws SocketException {
    plain.setReceiveBufferSize(size);
  }

  @Override
  public synchronized int getReceiveBufferSize() throws SocketException {
    return plain.getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    plain.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return plain.getKeepAlive();
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    plain.setTrafficClass(trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return plain.getTrafficClass();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    plain.setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return plain.getReuseAddress();
  }

  /** TLS has no urgent data. */
  @Override
  public void sendUrgentData(int data) throws IOException {
    throw new SocketException("urgent data is not supported on a secured connection");
  }

  @Override
  public boolean isConnected() {
    return plain.isConnected();
  }

  @Override
  public boolean isBound() {
    return plain.isBound();
  }

  @Override
  public boolean isClosed() {
    return secured.isClosed() || plain.isClosed();
  }

  @Override
  public boolean isInputShutdown() {
    return secured.isInputShutdown() || plain.isInputShutdown();
  }

  @Override
  public boolean isOutputShutdown() {
    return secured.isOutputShutdown() || plain.isOutputShutdown();
  }

  @Override
  public String toString() {
    return "mesh connection with " + peer + " at " + plain.getRemoteSocketAddress();
  }
}
