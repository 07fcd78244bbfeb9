package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.HOST;
import static dev.weft.instrumentation.testing.inbound.Probe.once;

import java.io.IOException;
import java.util.List;

/** A client that asks before it sends a body: {@code Expect: 100-continue} (RFC 9110, 10.1.1). */
final class ExpectProbes {
  private ExpectProbes() {}

  static List<Probe> all() {
    return List.of(
        new Probe("100-continue", ExpectProbes::expectContinue),
        new Probe("100-continue, body sent unasked", ExpectProbes::impatient),
        once("100-continue, body not read", ask("/app/unread")),
        once("100-continue refused", ask("/app/status/417")),
        once("100-continue refused by an error", ask("/app/send-error")),
        once(
            "another expectation",
            ask("/app/upload").replace("100-continue", "a-miracle") + "hello"));
  }

  private static String ask(String path) {
    return "POST "
        + path
        + " HTTP/1.1\r\n"
        + HOST
        + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n";
  }

  private static String expectContinue(RawConnection c) throws IOException {
    String go = c.send(ask("/app/upload")).read().comparable();
    return go + c.send("hello").read().comparable() + Probe.another(c);
  }

  /** Whether the server still asks is its own affair; that it does or not must not change. */
  private static String impatient(RawConnection c) throws IOException {
    RawConnection.Answer answer = c.send(ask("/app/upload") + "hello").read();
    return answer.comparable()
        + (answer.status() == 100 ? c.read().comparable() : "")
        + Probe.another(c);
  }
}
