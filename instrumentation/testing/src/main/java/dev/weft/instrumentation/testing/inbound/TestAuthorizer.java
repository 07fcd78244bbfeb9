package dev.weft.instrumentation.testing.inbound;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * An authorizer that lets in who says {@code x-pass: yes}, as Ann, and asks others to log in; made
 * of sockets, as any server's classes may be woven. Thread-safe.
 */
final class TestAuthorizer implements AutoCloseable {
  private static final String ALLOWED =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "X-User: ann",
          "Content-Length: 0",
          "Content-Type: text/x-own",
          "X-Two: three",
          "Set-Cookie: seen=1",
          "Set-Cookie: by=authz",
          "X-Secret: s",
          "",
          "");
  private static final String DENIED =
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic\r\nContent-Type: text/x-reason\r\n"
          + "Content-Length: 5\r\n\r\nlogin";

  private final ServerSocket server;
  private final Queue<String> asked = new ConcurrentLinkedQueue<>();

  private TestAuthorizer(ServerSocket server) {
    this.server = server;
  }

  static TestAuthorizer start() throws IOException {
    TestAuthorizer authorizer =
        new TestAuthorizer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    thread(authorizer::accept);
    return authorizer;
  }

  private static void thread(Runnable body) {
    Thread thread = new Thread(body, "test-authorizer");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return server.getLocalPort();
  }

  /** Request lines of the questions so far. */
  Queue<String> asked() {
    return asked;
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        thread(() -> answer(socket));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void answer(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String first = in.readLine(); first != null; first = in.readLine()) {
        asked.add(first);
        boolean passes = false;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          passes |= line.toLowerCase(Locale.ROOT).equals("x-pass: yes");
        }
        socket
            .getOutputStream()
            .write((passes ? ALLOWED : DENIED).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
