package dev.weft.dataplane.outbound;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;

/** A connection of the agent's own to a service, between two questions or in one. */
final class KeptConnection {
  private final Socket socket;
  private final HeldSocket held;
  private final InputStream input;

  KeptConnection(Socket socket, HeldSocket held) throws IOException {
    this.socket = socket;
    this.held = held;
    this.input = new BufferedInputStream(socket.getInputStream());
  }

  /** What closes it from another thread. */
  HeldSocket held() {
    return held;
  }

  InputStream input() {
    return input;
  }

  /** How long a read may stand still. */
  void limit(int millis) throws IOException {
    socket.setSoTimeout(millis);
  }

  void write(byte[] message) throws IOException {
    socket.getOutputStream().write(message);
    socket.getOutputStream().flush();
  }

  void close() {
    held.close();
    try {
      socket.close();
    } catch (IOException e) {
      // It was to be thrown away.
    }
  }
}
