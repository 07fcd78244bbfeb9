package dev.weft.instrumentation.socket;

import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOptions;

/** The options of {@link SocketOptions} by their numbers, as methods of {@link Socket}. */
enum SocketOption {
  TIMEOUT(SocketOptions.SO_TIMEOUT) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setSoTimeout((Integer) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getSoTimeout();
    }
  },
  NO_DELAY(SocketOptions.TCP_NODELAY) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setTcpNoDelay((Boolean) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getTcpNoDelay();
    }
  },
  KEEP_ALIVE(SocketOptions.SO_KEEPALIVE) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setKeepAlive((Boolean) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getKeepAlive();
    }
  },
  LINGER(SocketOptions.SO_LINGER) {
    /** A number of seconds, or false, or (as systems answer) a negative number, for none. */
    @Override
    void set(Socket socket, Object value) throws SocketException {
      int seconds = value instanceof Integer ? (Integer) value : -1;
      socket.setSoLinger(seconds >= 0, Math.max(0, seconds));
    }

    @Override
    Object get(Socket socket) throws SocketException {
      int seconds = socket.getSoLinger();
      return seconds < 0 ? (Object) false : (Object) seconds;
    }
  },
  TRAFFIC_CLASS(SocketOptions.IP_TOS) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setTrafficClass((Integer) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getTrafficClass();
    }
  },
  SEND_BUFFER(SocketOptions.SO_SNDBUF) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setSendBufferSize((Integer) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getSendBufferSize();
    }
  },
  RECEIVE_BUFFER(SocketOptions.SO_RCVBUF) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setReceiveBufferSize((Integer) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getReceiveBufferSize();
    }
  },
  REUSE_ADDRESS(SocketOptions.SO_REUSEADDR) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      socket.setReuseAddress((Boolean) value);
    }

    @Override
    Object get(Socket socket) throws SocketException {
      return socket.getReuseAddress();
    }
  },
  LOCAL_ADDRESS(SocketOptions.SO_BINDADDR) {
    @Override
    void set(Socket socket, Object value) throws SocketException {
      throw new SocketException("the local address cannot be set");
    }

    @Override
    Object get(Socket socket) {
      return socket.getLocalAddress();
    }
  };

  private final int id;

  SocketOption(int id) {
    this.id = id;
  }

  abstract void set(Socket socket, Object value) throws SocketException;

  abstract Object get(Socket socket) throws SocketException;

  static SocketOption of(int id) throws SocketException {
    for (SocketOption option : values()) {
      if (option.id == id) {
        return option;
      }
    }
    throw new SocketException("option " + id + " is not supported on a connection of the mesh");
  }
}
