package dev.weft.dataplane.database;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;

/** Asks whether a host takes connections, injected for tests. May block. */
interface HostProbe {
  /** Whether something listens there. */
  boolean reachable(String host, int port, int timeoutMillis);

  /** Opens a TCP connection, past proxies, and closes it. */
  HostProbe TCP =
      (host, port, timeoutMillis) -> {
        try (Socket socket = new Socket(Proxy.NO_PROXY)) {
          socket.connect(new InetSocketAddress(host, port), timeoutMillis);
          return true;
        } catch (IOException | RuntimeException away) {
          return false;
        }
      };
}
