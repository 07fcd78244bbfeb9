package dev.weft.instrumentation.socket;

import dev.weft.dataplane.outbound.ConnectionDriver;
import dev.weft.dataplane.outbound.Target;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A client socket whose connection the mesh makes: to an instance of the service that the address
 * stands for, secured where that takes mesh TLS. The application goes on seeing the address it
 * connected to. Thread-safe as a socket is.
 */
final class MeshSocketImpl extends SocketImpl {
  private final ConnectionDriver connections;
  private final String host;
  private final Map<Integer, Object> options = new TreeMap<>();
  private @Nullable Socket socket;
  private boolean closed;

  MeshSocketImpl(ConnectionDriver connections, String host) {
    this.connections = connections;
    this.host = host;
  }

  @Override
  protected void create(boolean stream) throws IOException {
    if (!stream) {
      throw new SocketException("the mesh makes stream sockets only");
    }
  }

  @Override
  protected void connect(String name, int to) throws IOException {
    connect(new InetSocketAddress(name, to), 0);
  }

  @Override
  protected void connect(InetAddress inetAddress, int to) throws IOException {
    connect(new InetSocketAddress(inetAddress, to), 0);
  }

  @Override
  protected void connect(SocketAddress endpoint, int timeout) throws IOException {
    InetSocketAddress to = (InetSocketAddress) endpoint;
    this.address = to.getAddress();
    this.port = to.getPort();
    String authority = host + ":" + port;
    Target target = connections.resolve(authority);
    if (target == null) {
      throw new ConnectException("the mesh has no service " + host + " on port " + port);
    }
    Socket ready = connections.connect(target, authority, timeout, this::connecting);
    synchronized (this) {
      if (!closed) {
        this.socket = ready;
        this.localport = ready.getLocalPort();
        for (Map.Entry<Integer, Object> option : options.entrySet()) {
          SocketOption.of(option.getKey()).set(ready, option.getValue());
        }
        return;
      }
    }
    ready.close();
    throw new SocketException("Socket closed");
  }

  private synchronized void connecting(Socket attempt) throws IOException {
    if (closed) {
      attempt.close();
      throw new SocketException("Socket closed");
    }
    this.socket = attempt;
  }

  private synchronized Socket open() throws SocketException {
    Socket now = socket;
    if (closed || now == null) {
      throw new SocketException("Socket closed");
    }
    return now;
  }

  @Override
  protected InputStream getInputStream() throws IOException {
    return new MeshInput(open().getInputStream(), this);
  }

  /** Whether the application closed it. */
  synchronized boolean closed() {
    return closed;
  }

  @Override
  protected OutputStream getOutputStream() throws IOException {
    return open().getOutputStream();
  }

  @Override
  protected int available() throws IOException {
    return open().getInputStream().available();
  }

  @Override
  protected void close() throws IOException {
    Socket now;
    synchronized (this) {
      closed = true;
      now = socket;
    }
    if (now != null) {
      now.close();
    }
  }

  @Override
  protected void shutdownInput() throws IOException {
    open().shutdownInput();
  }

  @Override
  protected void shutdownOutput() throws IOException {
    open().shutdownOutput();
  }

  @Override
  public synchronized void setOption(int id, Object value) throws SocketException {
    if (closed) {
      throw new SocketException("Socket closed");
    }
    options.put(id, value);
    Socket now = socket;
    if (now != null) {
      SocketOption.of(id).set(now, value);
    }
  }

  @Override
  public @Nullable Object getOption(int id) throws SocketException {
    Socket now;
    synchronized (this) {
      now = socket;
      if (now == null && options.containsKey(id)) {
        return options.get(id);
      }
    }
    return SocketOption.of(id).get(now == null ? open() : now);
  }

  /** What is bound is the connection to the instance; the application's wish has no meaning. */
  @Override
  protected void bind(InetAddress local, int to) {}

  @Override
  protected void listen(int backlog) throws IOException {
    throw new SocketException("a connection of the mesh does not listen");
  }

  @Override
  protected void accept(SocketImpl accepted) throws IOException {
    throw new SocketException("a connection of the mesh does not listen");
  }

  @Override
  protected void sendUrgentData(int data) throws IOException {
    open().sendUrgentData(data);
  }

  /** None: the connection is more than a descriptor. */
  @Override
  protected @Nullable FileDescriptor getFileDescriptor() {
    return null;
  }
}
