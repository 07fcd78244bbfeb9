package dev.weft.instrumentation.testing;

import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** How a {@link Reply} goes over the wire as HTTP/1.1. */
final class ReplyWire {
  private ReplyWire() {}

  /** Writes it, and tells whether the connection goes on. */
  static boolean write(Reply reply, String method, OutputStream out) throws IOException {
    if (reply.before != null) {
      reply.before.run();
    }
    if (reply.silent) {
      return false;
    }
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(reply.status).append(" Status\r\n");
    append(reply.headers, head);
    boolean bodyless = reply.status == 204 || reply.status == 304;
    if (!bodyless) {
      reply.framing.describe(reply.body.length, head);
    }
    if (reply.last) {
      head.append("Connection: close\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!bodyless && !method.equals("HEAD")) {
      reply.framing.write(reply.body, reply.trailers, all);
    }
    int early = reply.within == null ? all.size() : all.size() - 1;
    out.write(all.toByteArray(), 0, early);
    out.flush();
    if (reply.within != null) {
      reply.within.run();
      out.write(all.toByteArray(), early, 1);
      out.flush();
    }
    return !reply.last;
  }

  private static void append(List<Map.Entry<String, String>> fields, StringBuilder to) {
    fields.forEach(e -> to.append(e.getKey()).append(": ").append(e.getValue()).append("\r\n"));
  }

  enum Framing {
    LENGTH,
    CHUNKED,
    END;

    void describe(int length, StringBuilder head) {
      if (this == LENGTH) {
        head.append("Content-Length: ").append(length).append("\r\n");
      } else if (this == CHUNKED) {
        head.append("Transfer-Encoding: chunked\r\n");
      }
    }

    void write(byte[] body, List<Map.Entry<String, String>> trailers, ByteArrayOutputStream out) {
      if (this != CHUNKED) {
        out.writeBytes(body);
        return;
      }
      for (int from = 0; from < body.length; from += 8000) {
        int count = Math.min(8000, body.length - from);
        out.writeBytes((Integer.toHexString(count) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        out.write(body, from, count);
        out.writeBytes(new byte[] {'\r', '\n'});
      }
      StringBuilder end = new StringBuilder("0\r\n");
      append(trailers, end);
      out.writeBytes(end.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
