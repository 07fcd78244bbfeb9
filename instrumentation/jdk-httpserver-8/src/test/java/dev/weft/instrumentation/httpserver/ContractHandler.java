package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** What the contract's servlet does, for a server without servlets. */
final class ContractHandler implements HttpHandler {
  private final AtomicInteger reached = new AtomicInteger();

  int reached() {
    return reached.get();
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    reached.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    if (path.equals("/files/large.txt")) {
      answer(exchange, 200, block('f', 300_000));
    } else if (path.startsWith("/app/status/")) {
      answer(exchange, Integer.parseInt(path.substring("/app/status/".length())), new byte[0]);
    } else {
      answer(exchange, path.startsWith("/app/") ? path.substring("/app".length()) : path);
    }
  }

  private static void answer(HttpExchange exchange, String path) throws IOException {
    switch (path) {
      case "/upload" -> answer(exchange, 200, digest(exchange));
      case "/unread" -> answer(exchange, 200, bytes("not read"));
      case "/chunked" -> chunked(exchange);
      case "/large" -> answer(exchange, 200, block('x', 1_000_000));
      case "/huge" -> answer(exchange, 200, block('x', 10_000_000));
      case "/gzip" -> gzip(exchange);
      case "/trailers" -> answer(exchange, 200, exchange.getRequestBody().readAllBytes());
      case "/async" -> new Thread(() -> later(exchange), "contract-async").start();
      case "/throw" -> throw new IOException("thrown by the application");
      case "/send-error" -> answer(exchange, 409, bytes("sent by the application"));
      case "/headers" -> {
        Headers headers = exchange.getResponseHeaders();
        headers.add("X-Two", "one");
        headers.add("X-Two", "two");
        headers.add("Set-Cookie", "a=b; Path=/");
        headers.add("x-lower-CASE", "kept");
        answer(exchange, 200, new byte[0]);
      }
      case "/cors" -> {
        Headers headers = exchange.getResponseHeaders();
        headers.set("Access-Control-Allow-Origin", "*");
        headers.add("Access-Control-Allow-Origin", "null");
        headers.put("Access-Control-Expose-Headers", Arrays.asList("X-Own"));
        answer(exchange, 200, bytes("shared with everybody"));
      }
      case "/close" -> {
        exchange.getResponseHeaders().set("Connection", "close");
        answer(exchange, 200, bytes("bye"));
      }
      default -> answer(exchange, 200, echo(exchange));
    }
  }

  private static void later(HttpExchange exchange) {
    try {
      answer(exchange, 200, bytes("finished later"));
    } catch (IOException e) {
      exchange.close();
    }
  }

  private static void chunked(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 0; i < 3; i++) {
        out.write(bytes("piece " + i + "\n"));
        out.flush();
      }
    }
  }

  private static void gzip(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Encoding", "gzip");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = new GZIPOutputStream(exchange.getResponseBody())) {
      out.write(bytes("squeezed ".repeat(10_000)));
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
    if (!head && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private static byte[] digest(HttpExchange exchange) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long length =
          new DigestInputStream(exchange.getRequestBody(), digest)
              .transferTo(OutputStream.nullOutputStream());
      return bytes(length + " " + HexFormat.of().formatHex(digest.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IOException(e);
    }
  }

  private static byte[] echo(HttpExchange exchange) throws IOException {
    StringBuilder out = new StringBuilder();
    out.append(exchange.getRequestMethod()).append(' ').append(exchange.getRequestURI());
    out.append(' ').append(exchange.getProtocol());
    out.append("\nremote ").append(exchange.getRemoteAddress().getAddress().getHostAddress());
    out.append(" user ").append(exchange.getPrincipal());
    out.append(" kind ").append(exchange.getClass().getSimpleName());
    out.append("\nattribute ").append(exchange.getAttribute("dev.weft.peer")).append('\n');
    new TreeMap<>(exchange.getRequestHeaders())
        .forEach((name, values) -> out.append(name).append(": ").append(values).append('\n'));
    out.append("body ")
        .append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] block(char of, int length) {
    byte[] block = new byte[length];
    Arrays.fill(block, (byte) of);
    return block;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
