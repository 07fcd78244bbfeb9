package dev.weft.dataplane.identity;

import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * A socket that answers with the addresses and options of another one. Streams, state and closing
 * are the subclass's. As thread-safe as the other.
 */
public abstract class ForwardingSocket extends Socket {
  /** For subclasses. */
  protected ForwardingSocket() {}

  /** The socket that knows. */
  protected abstract Socket to();

  @Override
  public @Nullable InetAddress getInetAddress() {
    return to().getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return to().getLocalAddress();
  }

  @Override
  public int getPort() {
    return to().getPort();
  }

  @Override
  public int getLocalPort() {
    return to().getLocalPort();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return to().getRemoteSocketAddress();
  }

  @Override
  public SocketAddress getLocalSocketAddress() {
    return to().getLocalSocketAddress();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    to().setTcpNoDelay(on);
  }

  @Override
  public boolean getTcpNoDelay() throws SocketException {
    return to().getTcpNoDelay();
  }

  @Override
  public void setSoLinger(boolean on, int linger) throws SocketException {
    to().setSoLinger(on, linger);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return to().getSoLinger();
  }

  @Override
  public synchronized void setSendBufferSize(int size) throws SocketException {
    to().setSendBufferSize(size);
  }

  @Override
  public synchronized int getSendBufferSize() throws SocketException {
    return to().getSendBufferSize();
  }

  @Override
  public synchronized void setReceiveBufferSize(int size) throws SocketException {
    to().setReceiveBufferSize(size);
  }

  @Override
  public synchronized int getReceiveBufferSize() throws SocketException {
    return to().getReceiveBufferSize();
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    to().setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return to().getKeepAlive();
  }

  @Override
  public void setTrafficClass(int trafficClass) throws SocketException {
    to().setTrafficClass(trafficClass);
  }

  @Override
  public int getTrafficClass() throws SocketException {
    return to().getTrafficClass();
  }

  @Override
  public void setReuseAddress(boolean on) throws SocketException {
    to().setReuseAddress(on);
  }

  @Override
  public boolean getReuseAddress() throws SocketException {
    return to().getReuseAddress();
  }

  @Override
  public boolean isConnected() {
    return to().isConnected();
  }

  @Override
  public boolean isBound() {
    return to().isBound();
  }
}
