package dev.weft.instrumentation.socket;

import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOptions;

/** The options of {@link SocketOptions} by their numbers, as methods of {@link Socket}. */
enum SocketOption {
  TIMEOUT(SocketOptions.SO_TIMEOUT, Socket::getSoTimeout, (s, v) -> s.setSoTimeout((Integer) v)),
  NO_DELAY(
      SocketOptions.TCP_NODELAY, Socket::getTcpNoDelay, (s, v) -> s.setTcpNoDelay((Boolean) v)),
  KEEP_ALIVE(
      SocketOptions.SO_KEEPALIVE, Socket::getKeepAlive, (s, v) -> s.setKeepAlive((Boolean) v)),
  /** A number of seconds, or false, or (as systems answer) a negative number, for none. */
  LINGER(
      SocketOptions.SO_LINGER,
      socket -> {
        int seconds = socket.getSoLinger();
        return seconds < 0 ? (Object) false : (Object) seconds;
      },
      (socket, value) -> {
        int seconds = value instanceof Integer ? (Integer) value : -1;
        socket.setSoLinger(seconds >= 0, Math.max(0, seconds));
      }),
  TRAFFIC_CLASS(
      SocketOptions.IP_TOS, Socket::getTrafficClass, (s, v) -> s.setTrafficClass((Integer) v)),
  SEND_BUFFER(
      SocketOptions.SO_SNDBUF,
      Socket::getSendBufferSize,
      (s, v) -> s.setSendBufferSize((Integer) v)),
  RECEIVE_BUFFER(
      SocketOptions.SO_RCVBUF,
      Socket::getReceiveBufferSize,
      (s, v) -> s.setReceiveBufferSize((Integer) v)),
  REUSE_ADDRESS(
      SocketOptions.SO_REUSEADDR,
      Socket::getReuseAddress,
      (s, v) -> s.setReuseAddress((Boolean) v)),
  LOCAL_ADDRESS(
      SocketOptions.SO_BINDADDR,
      Socket::getLocalAddress,
      (s, v) -> {
        throw new SocketException("the local address cannot be set");
      });

  private final int id;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Getter getter;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Setter setter;

  SocketOption(int id, Getter getter, Setter setter) {
    this.id = id;
    this.getter = getter;
    this.setter = setter;
  }

  private interface Getter {
    Object get(Socket socket) throws SocketException;
  }

  private interface Setter {
    void set(Socket socket, Object value) throws SocketException;
  }

  void set(Socket socket, Object value) throws SocketException {
    setter.set(socket, value);
  }

  Object get(Socket socket) throws SocketException {
    return getter.get(socket);
  }

  static SocketOption of(int id) throws SocketException {
    for (SocketOption option : values()) {
      if (option.id == id) {
        return option;
      }
    }
    throw new SocketException("option " + id + " is not supported on a connection of the mesh");
  }
}
