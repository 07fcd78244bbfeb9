package shop.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A tap on the wire in front of one instance: it passes bytes on and remembers the latest. */
final class Wire {
  private final ServerSocket server;
  private volatile int target;
  private volatile byte[] latest = new byte[0];

  Wire() {
    try {
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  void to(int port) {
    target = port;
  }

  /** The first bytes of the latest request, readable text as text, the rest as dots. */
  String latest() {
    byte[] bytes = latest;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(bytes.length, 60); i++) {
      text.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
    }
    return text.toString();
  }

  /** True when the latest bytes show an HTTP request to everybody on the way. */
  boolean readable() {
    return new String(latest, StandardCharsets.ISO_8859_1).contains("HTTP/1.1");
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
        daemon(() -> pump(client, behind, true));
        daemon(() -> pump(behind, client, false));
      } catch (IOException e) {
        // The instance behind is down: the client sees its connection closed.
      }
    }
  }

  private void pump(Socket from, Socket to, boolean request) {
    byte[] buffer = new byte[16384];
    try (InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (request) {
          latest = java.util.Arrays.copyOf(buffer, n);
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // One side closed; closing both streams tells the other.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "wire");
    thread.setDaemon(true);
    thread.start();
  }
}
