package dev.weft.agent.control;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Status line and headers of an HTTP/1.1 response (RFC 9112). Immutable. */
final class HttpHead {

  final int status;
  private final boolean http10;
  private final Map<String, String> headers;

  private HttpHead(int status, boolean http10, Map<String, String> headers) {
    this.status = status;
    this.http10 = http10;
    this.headers = Collections.unmodifiableMap(headers);
  }

  /**
   * Reads a head.
   *
   * @throws IOException when what comes is no HTTP/1.x response, ends early, or is longer than
   *     {@code maxBytes}
   */
  static HttpHead read(InputStream in, int maxBytes) throws IOException {
    int[] budget = {maxBytes};
    String first = line(in, budget);
    if (!first.startsWith("HTTP/1.") || first.length() < 12) {
      throw new IOException("what answers there does not speak HTTP");
    }
    int status;
    try {
      status = Integer.parseInt(first.substring(9, 12));
    } catch (NumberFormatException e) {
      throw new IOException("what answers there does not speak HTTP", e);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).trim().toLowerCase(Locale.ROOT),
            line.substring(colon + 1).trim());
      }
    }
    return new HttpHead(status, first.startsWith("HTTP/1.0"), headers);
  }

  @Nullable String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  boolean isChunked() {
    String coding = headers.get("transfer-encoding");
    return coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked");
  }

  /** The length that was announced; -1 when none was, or none that makes sense. */
  long contentLength() {
    String length = headers.get("content-length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether another exchange may follow on the connection. */
  boolean keepsAlive() {
    String connection = headers.getOrDefault("connection", http10 ? "close" : "");
    boolean delimited = isChunked() || contentLength() >= 0 || status == 204 || status == 304;
    return delimited && !connection.toLowerCase(Locale.ROOT).contains("close");
  }

  /** A line without its end; CRLF or a bare LF. */
  static String line(InputStream in, int[] budget) throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the control server closed the connection");
      }
      if (--budget[0] < 0) {
        throw new IOException("the control server's headers are too long");
      }
      if (b == '\n') {
        int end = line.length();
        if (end > 0 && line.charAt(end - 1) == '\r') {
          line.setLength(end - 1);
        }
        return new String(
            line.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
      }
      line.append((char) b);
    }
  }
}
