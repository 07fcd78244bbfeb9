package dev.weft.instrumentation.testing;

import dev.weft.instrumentation.testing.TestInstance.Received;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads requests of HTTP/1.1 off a connection. */
final class RequestReader {
  private RequestReader() {}

  /** The next head, or null at the end of the connection. */
  static @Nullable Received head(InputStream in, String peer) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).trim()));
    }
    String[] words = first.split(" ", 3);
    if (words.length < 3) {
      throw new IOException("no request: " + first);
    }
    return new Received(words[0], words[1], headers, new byte[0], peer);
  }

  static byte[] body(Received head, InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        body.write(exactly(in, size));
        line(in);
      }
      line(in);
    } else if (head.header("Content-Length") != null) {
      body.write(exactly(in, Integer.parseInt(head.header("Content-Length"))));
    }
    return body.toByteArray();
  }

  private static int chunk(InputStream in) throws IOException {
    String line = line(in);
    if (line == null) {
      throw new EOFException();
    }
    return Integer.parseInt(line.trim(), 16);
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); ; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).replace("\r", "");
      }
      line.write(b);
    }
  }
}
