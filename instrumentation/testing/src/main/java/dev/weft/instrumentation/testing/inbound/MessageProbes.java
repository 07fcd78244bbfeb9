package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.HOST;
import static dev.weft.instrumentation.testing.inbound.Probe.get;
import static dev.weft.instrumentation.testing.inbound.Probe.once;

import java.util.ArrayList;
import java.util.List;

/** Methods, statuses, headers, and what an application makes of an exchange. */
final class MessageProbes {
  private MessageProbes() {}

  static List<Probe> all() {
    List<Probe> all = new ArrayList<>();
    for (String method : List.of("GET", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND")) {
      all.add(once(method, method + " /app/echo HTTP/1.1\r\n" + HOST + "\r\n"));
    }
    all.add(
        new Probe(
            "HEAD",
            c -> c.send("HEAD /app/echo HTTP/1.1\r\n" + HOST + "\r\n").read(true).comparable()));
    all.add(
        once(
            "POST",
            "POST /app/echo HTTP/1.1\r\n"
                + HOST
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\na=1&b=2"));
    for (int status : new int[] {200, 201, 204, 304, 404, 500, 503}) {
      all.add(once("status " + status, get("/app/status/" + status)));
    }
    all.add(
        once(
            "header bytes",
            "GET /app/echo HTTP/1.1\r\n"
                + HOST
                + "x-UPPER-lower: a\r\nX-Two: 1\r\nx-two:2\r\nX-Obs: caf\u00e9 \u00ff\r\nX-Empty:\r\nX-Spaces:   a  b  \r\nTraceParent: kept\r\n\r\n"));
    all.add(once("answer's headers", get("/app/headers")));
    all.add(once("async", get("/app/async")));
    all.add(once("async dispatch", get("/app/dispatch")));
    all.add(once("async timeout", get("/app/timeout")));
    all.add(once("exception", get("/app/throw")));
    all.add(once("error", get("/app/send-error")));
    return all;
  }
}
