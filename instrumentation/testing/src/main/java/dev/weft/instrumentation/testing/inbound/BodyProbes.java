package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.HOST;
import static dev.weft.instrumentation.testing.inbound.Probe.get;
import static dev.weft.instrumentation.testing.inbound.Probe.once;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Bodies: by length, in chunks, to the end of the connection, with trailers, large, encoded. */
final class BodyProbes {
  /** Bytes of a large upload. */
  private static final int LARGE = Boolean.getBoolean("weft.full") ? 100_000_000 : 1_000_000;

  private static final int BLOCK = 100_000;

  private BodyProbes() {}

  static List<Probe> all() {
    return List.of(
        once("PUT", "PUT /app/upload HTTP/1.1\r\n" + HOST + "Content-Length: 5\r\n\r\nhello"),
        once("chunked answer", get("/app/chunked")),
        once(
            "chunked request",
            "POST /app/upload HTTP/1.1\r\n"
                + HOST
                + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nTrailer: t\r\n\r\n"),
        once(
            "trailers both ways",
            "POST /app/trailers HTTP/1.1\r\n"
                + HOST
                + "TE: trailers\r\nTrailer: X-Sum, X-Two\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n0\r\nX-Sum: 42\r\nX-Two: a b\r\n\r\n"),
        once("answer to HTTP/1.0 that ends with the connection", get10("/app/chunked")),
        once("answer of 1 MB that ends with the connection", get10("/app/large")),
        once("answer of 1 MB", get("/app/large")),
        new Probe("answer that waits for its reader", BodyProbes::readLate),
        once("file", get("/files/large.txt")),
        once(
            "range of a file",
            "GET /files/large.txt HTTP/1.1\r\n" + HOST + "Range: bytes=100-199999\r\n\r\n"),
        once("gzip answer", "GET /app/gzip HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip\r\n\r\n"),
        new Probe("gzip request", BodyProbes::gzip),
        new Probe("large upload", BodyProbes::upload),
        new Probe("large upload in chunks", BodyProbes::chunkedUpload),
        new Probe("upload that waits between its pieces", BodyProbes::slowUpload));
  }

  private static String get10(String target) {
    return "GET " + target + " HTTP/1.0\r\n" + HOST + "\r\n";
  }

  private static String readLate(RawConnection c) throws IOException {
    // More than the buffers between the two take. One answer: Undertow, left to itself, now and
    // then
    // frees a buffer twice when it has to wait with the answers to several requests.
    c.send(get("/app/huge"));
    pause();
    return c.read().comparable() + Probe.another(c);
  }

  private static String gzip(RawConnection c) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(body)) {
      gzip.write("squeezed ".repeat(10_000).getBytes(StandardCharsets.US_ASCII));
    }
    c.send(
        "POST /app/upload HTTP/1.1\r\n"
            + HOST
            + "Content-Encoding: gzip\r\nContent-Length: "
            + body.size()
            + "\r\n\r\n");
    return c.send(body.toByteArray()).read().comparable() + Probe.another(c);
  }

  private static String upload(RawConnection c) throws IOException {
    c.send("POST /app/upload HTTP/1.1\r\n" + HOST + "Content-Length: " + LARGE + "\r\n\r\n");
    for (int i = 0; i < LARGE / BLOCK; i++) {
      c.send(block(i));
    }
    return c.read().comparable() + Probe.another(c);
  }

  private static String chunkedUpload(RawConnection c) throws IOException {
    c.send("POST /app/upload HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < LARGE / BLOCK; i++) {
      c.send(Integer.toHexString(BLOCK) + "\r\n").send(block(i)).send("\r\n");
    }
    return c.send("0\r\n\r\n").read().comparable() + Probe.another(c);
  }

  private static String slowUpload(RawConnection c) throws IOException {
    c.send("POST /app/upload HTTP/1.1\r\n" + HOST + "Content-Le");
    pause();
    c.send("ngth: 10\r\n\r\nhello");
    pause();
    return c.send("world").read().comparable() + Probe.another(c);
  }

  private static byte[] block(int i) {
    byte[] block = new byte[BLOCK];
    Arrays.fill(block, (byte) i);
    return block;
  }

  /** Long enough for the server to have turned to something else; nothing is measured by it. */
  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
