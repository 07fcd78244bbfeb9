package dev.weft.dataplane.telemetry;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Answers {@code GET /metrics} on a port of its own. Written on plain sockets because {@code
 * com.sun.net.httpserver} is a module that a trimmed runtime may lack, and because an application
 * may have that server instrumented. One thread, one request per connection, two seconds for each:
 * a scraper that dawdles delays only other scrapers.
 */
final class MetricsEndpoint implements Closeable {

  private static final int REQUEST_MILLIS = 2_000;
  private static final int MAX_REQUEST_BYTES = 8_192;
  private static final int BACKLOG = 16;

  private final ServerSocket listener;
  private final Meters meters;
  private final int requestMillis;

  private MetricsEndpoint(ServerSocket listener, Meters meters, int requestMillis) {
    this.listener = listener;
    this.meters = meters;
    this.requestMillis = requestMillis;
  }

  /**
   * Opens the port and starts answering.
   *
   * @param address where to listen; port 0 takes any
   * @throws IOException when the port cannot be had
   */
  static MetricsEndpoint open(InetSocketAddress address, Meters meters, ThreadFactory threads)
      throws IOException {
    return open(address, meters, threads, REQUEST_MILLIS);
  }

  static MetricsEndpoint open(
      InetSocketAddress address, Meters meters, ThreadFactory threads, int requestMillis)
      throws IOException {
    ServerSocket listener = new ServerSocket();
    try {
      listener.setReuseAddress(true);
      listener.bind(address, BACKLOG);
    } catch (IOException e) {
      listener.close();
      throw e;
    }
    MetricsEndpoint endpoint = new MetricsEndpoint(listener, meters, requestMillis);
    threads.newThread(endpoint::serve).start();
    return endpoint;
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void serve() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        answer(socket);
      } catch (IOException | RuntimeException e) {
        // A scraper that went away, or our own close(): the next round tells which.
        meters.telemetryFaults().with("metrics-endpoint").increment();
      }
    }
  }

  private void answer(Socket socket) throws IOException {
    String[] request = requestLine(socket).split(" ", 3);
    boolean get = request[0].equals("GET");
    boolean head = request[0].equals("HEAD");
    String path = request.length > 1 ? request[1] : "";
    int query = path.indexOf('?');
    boolean found = (query < 0 ? path : path.substring(0, query)).equals("/metrics");
    String status = !get && !head ? "405 Method Not Allowed" : found ? "200 OK" : "404 Not Found";
    String body = status.startsWith("200") ? PrometheusText.of(meters) : status + "\n";
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String headers =
        "HTTP/1.1 "
            + status
            + "\r\nContent-Type: "
            + (status.startsWith("200") ? PrometheusText.CONTENT_TYPE : "text/plain")
            + "\r\nContent-Length: "
            + bytes.length
            + "\r\nConnection: close\r\n\r\n";
    OutputStream out = socket.getOutputStream();
    out.write(headers.getBytes(StandardCharsets.ISO_8859_1));
    if (!head) {
      out.write(bytes);
    }
    out.flush();
  }

  /** Reads up to the blank line, so that closing does not reset a connection with unread bytes. */
  private String requestLine(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(requestMillis);
    StringBuilder text = new StringBuilder(256);
    int lineStart = 0;
    while (text.length() < MAX_REQUEST_BYTES) {
      long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (leftMillis <= 0) {
        throw new IOException("request not complete in time");
      }
      socket.setSoTimeout((int) leftMillis);
      int b = in.read();
      if (b < 0) {
        break;
      }
      if (b == '\n') {
        if (text.length() - lineStart <= 1) {
          break;
        }
        lineStart = text.length() + 1;
      }
      text.append((char) b);
    }
    int end = text.indexOf("\n");
    return (end < 0 ? text : text.substring(0, end)).toString().trim();
  }
}
