package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.HOST;
import static dev.weft.instrumentation.testing.inbound.Probe.get;
import static dev.weft.instrumentation.testing.inbound.Probe.once;

import java.io.IOException;
import java.util.List;

/** How connections are used, kept and ended, by either side. */
final class ConnectionProbes {
  /** What the names of probes begin with whose client ends its own direction. */
  static final String HALF_CLOSE = "half close";

  private ConnectionProbes() {}

  static List<Probe> all() {
    return List.of(
        new Probe("pipelining", ConnectionProbes::pipeline),
        new Probe("byte by byte", ConnectionProbes::byteByByte),
        new Probe(HALF_CLOSE, c -> halfClose(c, get("/app/echo"))),
        new Probe(HALF_CLOSE + " after a body", c -> halfClose(c, post("hello"))),
        new Probe(HALF_CLOSE + " before a late answer", c -> halfClose(c, get("/app/async"))),
        new Probe(HALF_CLOSE + " within a body", c -> halfClose(c, post("hell"))),
        once(
            "Connection: close", "GET /app/echo HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"),
        once("close by the application", get("/app/close")),
        once("HTTP/1.0", "GET /app/echo HTTP/1.0\r\n\r\n"),
        once("HTTP/1.0 keep-alive", "GET /app/echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  }

  private static String post(String body) {
    return "POST /app/upload HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\n" + body;
  }

  private static String pipeline(RawConnection c) throws IOException {
    c.send(get("/app/echo/1") + get("/app/async") + get("/app/echo/3"));
    return c.read().comparable() + c.read().comparable() + c.read().comparable();
  }

  private static String byteByByte(RawConnection c) throws IOException {
    for (char each : post("hello").toCharArray()) {
      c.send(String.valueOf(each));
    }
    return c.read().comparable() + Probe.another(c);
  }

  private static String halfClose(RawConnection c, String request) throws IOException {
    c.send(request);
    c.socket().shutdownOutput();
    return c.read().comparable() + "\nthen ended " + c.isEnded();
  }
}
