package dev.weft.dataplane.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A GET of which only the status of the answer matters: the mesh's own questions. */
final class StatusLine {
  private StatusLine() {}

  /** Milliseconds that the next byte may take. */
  interface Patience {
    int millis() throws IOException;
  }

  /**
   * The bytes of the request.
   *
   * @param headers beside {@code host}, which is left out of them
   */
  static byte[] get(String path, String host, Map<String, String> headers) {
    StringBuilder request = new StringBuilder();
    request.append("GET ").append(path).append(" HTTP/1.1\r\nhost: ").append(host).append("\r\n");
    boolean named = false;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      named |= header.getKey().equalsIgnoreCase("user-agent");
      if (!header.getKey().equalsIgnoreCase("host")) {
        request.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
      }
    }
    request.append(named ? "" : "user-agent: weft-health\r\n").append("connection: close\r\n\r\n");
    return request.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** The status, or -1 when the answer does not begin as one of HTTP/1 (RFC 9112, section 4). */
  static int read(Socket socket, Patience patience) throws IOException {
    InputStream answer = socket.getInputStream();
    int status = 0;
    for (char expected : "HTTP/1.? ###".toCharArray()) {
      socket.setSoTimeout(patience.millis());
      int seen = answer.read();
      boolean digit = seen >= '0' && seen <= '9';
      if (expected == '#' && digit) {
        status = status * 10 + seen - '0';
      } else if (expected == '?' ? !digit : seen != expected) {
        return -1;
      }
    }
    return status;
  }
}
