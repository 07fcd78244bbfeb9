package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.HOST;
import static dev.weft.instrumentation.testing.inbound.Probe.once;
import static dev.weft.instrumentation.testing.inbound.Probe.refused;

import java.util.List;

/** What the server itself has to refuse, by the same answer as without the mesh (promise A5). */
final class MalformedProbes {
  private MalformedProbes() {}

  static List<Probe> all() {
    return List.of(
        once("no Host", "GET /app/echo HTTP/1.1\r\n\r\n"),
        once("two Hosts", "GET /app/echo HTTP/1.1\r\n" + HOST + HOST + "\r\n"),
        refused("garbage", "\u0001\u0002\u0003 garbage\r\n\r\n"),
        once(
            "length and chunks",
            "POST /app/upload HTTP/1.1\r\n"
                + HOST
                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        once("space before the colon", "GET /app/echo HTTP/1.1\r\n" + HOST + "X-A : b\r\n\r\n"),
        once(
            "bad chunk",
            "POST /app/upload HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n"));
  }
}
