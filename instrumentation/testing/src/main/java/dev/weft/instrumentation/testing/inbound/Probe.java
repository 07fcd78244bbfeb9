package dev.weft.instrumentation.testing.inbound;

import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One exchange whose bytes must not change.
 *
 * @param name for the report
 * @param exchange sends and reads, and answers all that was read, without the time of day
 */
public record Probe(String name, Exchange exchange) {
  /** What a client does on a connection of its own. */
  public interface Exchange {
    /** Runs on {@code connection} and answers a transcript. */
    String run(RawConnection connection) throws IOException;
  }

  private static final String HOST = "Host: orders:8080\r\n";

  /** Runs on {@code connection}; a server may also end it without an answer, and then has to. */
  String transcript(RawConnection connection) throws IOException {
    try {
      return exchange.run(connection);
    } catch (EOFException e) {
      return "ended without an answer";
    }
  }

  /**
   * The probes for mTLS: all but the half close. There it is a TLS alert, which containers take for
   * the end of both directions, as they do on ports of their own.
   */
  public static List<Probe> meshed() {
    return all().stream().filter(probe -> !probe.name().equals("half close")).toList();
  }

  /** All probes. */
  public static List<Probe> all() {
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
    all.add(once("PUT", "PUT /app/upload HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello"));
    for (int status : new int[] {200, 201, 204, 304, 404, 500, 503}) {
      all.add(once("status " + status, get("/app/status/" + status)));
    }
    all.add(once("chunked answer", get("/app/chunked")));
    all.add(
        once(
            "chunked request",
            "POST /app/upload HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n"));
    all.add(new Probe("100-continue", Probe::expectContinue));
    all.add(
        once(
            "100-continue, body not read",
            "POST /app/unread HTTP/1.1\r\n"
                + HOST
                + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n"));
    all.add(new Probe("upload of 10 MB", Probe::upload));
    all.add(once("answer of 1 MB", get("/app/large")));
    all.add(once("file", get("/files/large.txt")));
    all.add(
        once(
            "range of a file",
            "GET /files/large.txt HTTP/1.1\r\n" + HOST + "Range: bytes=100-199999\r\n\r\n"));
    all.add(new Probe("pipelining", Probe::pipeline));
    all.add(new Probe("half close", Probe::halfClose));
    all.add(once("async", get("/app/async")));
    all.add(once("async dispatch", get("/app/dispatch")));
    all.add(once("async timeout", get("/app/timeout")));
    all.add(
        last(
            "Connection: close",
            "GET /app/echo HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n"));
    all.add(last("close by the application", get("/app/close")));
    all.add(last("HTTP/1.0", "GET /app/echo HTTP/1.0\r\n\r\n"));
    all.add(
        once("HTTP/1.0 keep-alive", "GET /app/echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    all.add(
        once(
            "header bytes",
            "GET /app/echo HTTP/1.1\r\n"
                + HOST
                + "x-UPPER-lower: a\r\nX-Two: 1\r\nx-two:2\r\nX-Obs: caf\u00e9 \u00ff\r\nX-Empty:\r\nX-Spaces:   a  b  \r\nTraceParent: kept\r\n\r\n"));
    all.add(once("answer's headers", get("/app/headers")));
    all.add(refused("encoded slash", get("/app/a%2Fb")));
    for (String path :
        List.of(
            "/app/a%20b",
            "/app/%41",
            "/app/a;p=1/b;q",
            "/app/../app/x",
            "/app//x",
            "/app/%2e/x",
            "/app/caf%C3%A9",
            "/app/x?q=%20&r=%C3%A9&&=",
            "/app",
            "/",
            "/none",
            "http://orders:8080/app/absolute",
            "http://other/app/absolute")) {
      all.add(once("target " + path, get(path)));
    }
    all.add(once("exception", get("/app/throw")));
    all.add(once("error", get("/app/send-error")));
    all.add(last("no Host", "GET /app/echo HTTP/1.1\r\n\r\n"));
    all.add(last("two Hosts", "GET /app/echo HTTP/1.1\r\n" + HOST + HOST + "\r\n"));
    all.add(refused("garbage", "\u0001\u0002\u0003 garbage\r\n\r\n"));
    all.add(
        last(
            "length and chunks",
            "POST /app/upload HTTP/1.1\r\n"
                + HOST
                + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    all.add(
        last("space before the colon", "GET /app/echo HTTP/1.1\r\n" + HOST + "X-A : b\r\n\r\n"));
    all.add(
        last(
            "bad chunk",
            "POST /app/upload HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n"));
    all.add(
        once(
            "h2c upgrade not offered",
            "GET /app/echo HTTP/1.1\r\n"
                + HOST
                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"));
    all.add(
        once(
            "WebSocket not offered",
            "GET /app/echo HTTP/1.1\r\n"
                + HOST
                + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
    return all;
  }

  /** A GET request in full. */
  public static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  /** One request, one answer, and the connection serves another. */
  private static Probe once(String name, String request) {
    return new Probe(
        name,
        c -> {
          String answer = c.send(request).read().comparable();
          return answer + "\nthen " + another(c);
        });
  }

  private static String another(RawConnection c) {
    try {
      return c.send(get("/app/status/201")).read().statusLine();
    } catch (IOException e) {
      return "ended";
    }
  }

  /** A request the server itself refuses; the mesh may say so in other words, but not admit it. */
  private static Probe refused(String name, String request) {
    return new Probe(
        name, c -> c.send(request).read().statusLine() + "\nthen ended " + c.isEnded());
  }

  /** One request, one answer, and the end. */
  private static Probe last(String name, String request) {
    return new Probe(
        name, c -> c.send(request).read().comparable() + "\nthen ended " + c.isEnded());
  }

  private static String expectContinue(RawConnection c) throws IOException {
    c.send(
        "POST /app/upload HTTP/1.1\r\n"
            + HOST
            + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    String go = c.read().comparable();
    return go + c.send("hello").read().comparable();
  }

  private static String upload(RawConnection c) throws IOException {
    c.send("POST /app/upload HTTP/1.1\r\n" + HOST + "Content-Length: 10000000\r\n\r\n");
    byte[] block = new byte[100_000];
    for (int i = 0; i < 100; i++) {
      java.util.Arrays.fill(block, (byte) i);
      c.send(block);
    }
    return c.read().comparable();
  }

  private static String pipeline(RawConnection c) throws IOException {
    c.send(get("/app/echo/1") + get("/app/async") + get("/app/echo/3"));
    return c.read().comparable() + c.read().comparable() + c.read().comparable();
  }

  private static String halfClose(RawConnection c) throws IOException {
    c.send(get("/app/echo"));
    c.socket().shutdownOutput();
    return c.read().comparable() + "\nthen ended " + c.isEnded();
  }
}
