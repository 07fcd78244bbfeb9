package dev.weft.instrumentation.testing.inbound;

import java.io.BufferedReader;
import java.io.EOFException;
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
  private final Queue<Shown> shown = new ConcurrentLinkedQueue<>();

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

  /** What the questions so far had of bodies, and said of them. */
  Queue<Shown> shown() {
    return shown;
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
        String partial = "";
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
          String header = line.toLowerCase(Locale.ROOT);
          passes |= header.equals("x-pass: yes");
          if (header.startsWith("x-envoy-auth-partial-body: ")) {
            partial = header.substring("x-envoy-auth-partial-body: ".length());
          } else if (header.startsWith("content-length: ")) {
            length = Integer.parseInt(header.substring("content-length: ".length()));
          }
        }
        shown.add(new Shown(body(in, length), partial));
        socket
            .getOutputStream()
            .write((passes ? ALLOWED : DENIED).getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  private static String body(BufferedReader in, int length) throws IOException {
    char[] body = new char[length];
    for (int read = 0; read < length; ) {
      int count = in.read(body, read, length - read);
      if (count < 0) {
        throw new EOFException("the question ended after " + read + " bytes of its body");
      }
      read += count;
    }
    return new String(body);
  }

  /**
   * What a question had of a body.
   *
   * @param body one character per byte
   * @param partial whether it goes on, as the header says
   */
  record Shown(String body, String partial) {}

  @Override
  public void close() throws IOException {
    server.close();
  }
}
