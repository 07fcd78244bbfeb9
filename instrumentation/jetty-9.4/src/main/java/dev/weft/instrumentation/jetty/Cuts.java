package dev.weft.instrumentation.jetty;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** Ends connections without taking them from Jetty, which closes what has ended. Stateless. */
final class Cuts {
  private Cuts() {}

  static void shutdown(SocketChannel channel) {
    try {
      channel.shutdownInput();
      channel.shutdownOutput();
    } catch (IOException e) {
      // It is closed already.
    }
  }
}
