package dev.weft.dataplane.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Status line and headers of an HTTP/1.1 response (RFC 9112). Immutable. */
public final class HttpHead {
  private final int status;
  private final boolean http10;
  private final Map<String, List<String>> headers;

  private HttpHead(int status, boolean http10, Map<String, List<String>> headers) {
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
  public static HttpHead read(InputStream in, int maxBytes) throws IOException {
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
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        String name = line.substring(0, colon).trim().toLowerCase(Locale.ROOT);
        List<String> values = headers.get(name);
        if (values == null) {
          values = new ArrayList<>(1);
          headers.put(name, values);
        }
        values.add(line.substring(colon + 1).trim());
      }
    }
    return new HttpHead(status, first.startsWith("HTTP/1.0"), headers);
  }

  /** Three digits. */
  public int status() {
    return status;
  }

  /** The last value of a header, or null. */
  public @Nullable String header(String lowerCaseName) {
    List<String> values = headers.get(lowerCaseName);
    return values == null ? null : values.get(values.size() - 1);
  }

  /** All headers in the order of their first values, by their names in lower case. */
  public Map<String, List<String>> headers() {
    return headers;
  }

  boolean isChunked() {
    String coding = header("transfer-encoding");
    return coding != null && coding.toLowerCase(Locale.ROOT).contains("chunked");
  }

  /** The length that was announced; -1 when none was, or none that makes sense. */
  long contentLength() {
    String length = header("content-length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether another exchange may follow on the connection. */
  public boolean keepsAlive() {
    String said = header("connection");
    String connection = said != null ? said : http10 ? "close" : "";
    boolean delimited = isChunked() || contentLength() >= 0 || status == 204 || status == 304;
    return delimited && !connection.toLowerCase(Locale.ROOT).contains("close");
  }

  /** A line without its end; CRLF or a bare LF. */
  static String line(InputStream in, int[] budget) throws IOException {
    StringBuilder line = new StringBuilder(64);
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection was closed before the answer was complete");
      }
      if (--budget[0] < 0) {
        throw new IOException("the headers of the answer are too long");
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
