package dev.weft.agent.control;

import dev.weft.dataplane.http.HttpBody;
import dev.weft.dataplane.http.HttpHead;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * One TLS connection to the control server and HTTP/1.1 on it, one exchange after the other. Our
 * own rather than HttpURLConnection because that one calls the application's cookie handler and
 * authenticator, repeats a POST by itself, and keeps its local address to itself (docs/adr/0043).
 * Every exchange is bounded in time and size. Used by one thread at a time; {@link #close} may come
 * from any.
 */
final class ControlConnection implements Closeable {

  static final int MAX_BODY_BYTES = 40 * 1024 * 1024;
  private static final int MAX_HEAD_BYTES = 64 * 1024;

  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;
  private final String authority;
  private final String userAgent;
  private boolean reusable = true;

  private ControlConnection(SSLSocket socket, String authority, String userAgent)
      throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
    this.authority = authority;
    this.userAgent = userAgent;
  }

  /**
   * Connects and completes the handshake within {@code millis}.
   *
   * @throws IOException when the server is away, silent, or not the one that is trusted
   */
  static ControlConnection open(ControlConfig config, SSLSocketFactory tls, int millis)
      throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(config.host, config.port), millis);
      plain.setSoTimeout(millis);
      SSLSocket secured = (SSLSocket) tls.createSocket(plain, config.host, config.port, true);
      SSLParameters parameters = secured.getSSLParameters();
      parameters.setAlgorithmConstraints(new NistCurves());
      secured.setSSLParameters(parameters);
      secured.startHandshake();
      return new ControlConnection(
          secured, config.host + ":" + config.port, "weft-agent/" + config.agentVersion);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  /** The address by which this machine is connected: what others on that network can reach. */
  InetAddress localAddress() {
    return socket.getLocalAddress();
  }

  boolean isReusable() {
    return reusable && !socket.isClosed();
  }

  /**
   * One request and its complete answer within {@code millis}.
   *
   * @param bearer the token to present; null when the client certificate speaks
   */
  ControlReply exchange(
      String method, String path, @Nullable String bearer, byte @Nullable [] json, int millis)
      throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    reusable = false;
    send(method, path, bearer, json);
    HttpHead head = head(deadline);
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (head.status() != 204 && head.status() != 304) {
      InputStream content = HttpBody.of(head, new DeadlineStream(deadline));
      byte[] chunk = new byte[8_192];
      for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
        body.write(chunk, 0, n);
        if (body.size() > MAX_BODY_BYTES) {
          throw new IOException("the control server's answer is larger than " + MAX_BODY_BYTES);
        }
      }
    }
    reusable = head.keepsAlive();
    return new ControlReply(head.status(), body.toByteArray(), head.header("date"));
  }

  /**
   * Sends a GET whose answer goes on for ever, and returns its head; the body is then read from
   * {@link #stream}.
   *
   * @param silenceMillis how long the answer may stand still
   */
  HttpHead open(String path, int silenceMillis) throws IOException {
    reusable = false;
    send("GET", path, null, null);
    HttpHead head = head(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(silenceMillis));
    socket.setSoTimeout(silenceMillis);
    return head;
  }

  /** The body of the answer that {@link #open} began. */
  InputStream stream(HttpHead head) {
    return HttpBody.of(head, in);
  }

  /**
   * What is left of an answer that turned out to be an error, as far as it comes within {@code
   * millis}.
   */
  ControlReply rest(HttpHead head, int millis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    InputStream content = HttpBody.of(head, new DeadlineStream(deadline));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] chunk = new byte[8_192];
    for (int n = content.read(chunk); n >= 0 && body.size() < MAX_HEAD_BYTES; ) {
      body.write(chunk, 0, n);
      n = content.read(chunk);
    }
    return new ControlReply(head.status(), body.toByteArray(), head.header("date"));
  }

  @Override
  public void close() {
    reusable = false;
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is lost with a connection that is given up.
    }
  }

  private void send(String method, String path, @Nullable String bearer, byte @Nullable [] json)
      throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nhost: ").append(authority);
    head.append("\r\nuser-agent: ").append(userAgent);
    head.append("\r\naccept: application/json, application/x-ndjson");
    if (bearer != null) {
      head.append("\r\nauthorization: Bearer ").append(bearer);
    }
    if (json != null) {
      head.append("\r\ncontent-type: application/json\r\ncontent-length: ").append(json.length);
    }
    head.append("\r\n\r\n");
    // One write: two would be two TLS records, and two packets on the way.
    ByteArrayOutputStream message = new ByteArrayOutputStream(head.length() + 256);
    message.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (json != null) {
      message.write(json);
    }
    out.write(message.toByteArray());
    out.flush();
  }

  private HttpHead head(long deadline) throws IOException {
    while (true) {
      HttpHead head = HttpHead.read(new DeadlineStream(deadline), MAX_HEAD_BYTES);
      if (head.status() >= 200) {
        return head;
      }
    }
  }

  /** Reads from the connection until a point in time, however slowly the bytes drip. */
  private final class DeadlineStream extends InputStream {
    private final long deadline;

    DeadlineStream(long deadline) {
      this.deadline = deadline;
    }

    @Override
    public int read() throws IOException {
      limit();
      return in.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      limit();
      return in.read(buffer, offset, length);
    }

    private void limit() throws IOException {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException("the control server did not answer in time");
      }
      socket.setSoTimeout((int) Math.min(left, Integer.MAX_VALUE));
    }
  }

  /** Path and query with the values encoded. */
  static String path(String base, Map<String, String> query) {
    StringBuilder path = new StringBuilder(base);
    char separator = '?';
    for (Map.Entry<String, String> parameter : query.entrySet()) {
      path.append(separator).append(parameter.getKey()).append('=');
      for (byte b : parameter.getValue().getBytes(StandardCharsets.UTF_8)) {
        char c = (char) (b & 0xff);
        boolean plain =
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '.'
                || c == '_';
        if (plain) {
          path.append(c);
        } else {
          path.append('%').append(Character.forDigit(c >> 4, 16));
          path.append(Character.forDigit(c & 0xf, 16));
        }
      }
      separator = '&';
    }
    return path.toString();
  }
}
