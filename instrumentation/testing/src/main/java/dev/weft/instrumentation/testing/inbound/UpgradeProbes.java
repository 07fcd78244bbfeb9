package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.HOST;
import static dev.weft.instrumentation.testing.inbound.Probe.once;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** Requests to make something else of the connection: a WebSocket, a tunnel, HTTP/2. */
final class UpgradeProbes {
  /** Length of the longest message sent: it takes the longest form of a frame's length. */
  private static final int LONG = 100_000;

  private UpgradeProbes() {}

  static List<Probe> all() {
    return List.of(
        new Probe("WebSocket", c -> webSocket(c, "/ws")),
        new Probe("upgrade by the application", c -> webSocket(c, "/app/upgrade")),
        once("WebSocket not offered", open("/app/echo")),
        new Probe("CONNECT", c -> connect(c, "orders:8080")),
        new Probe("CONNECT to a path", c -> connect(c, "/app/echo")),
        once(
            "h2c upgrade not offered",
            "GET /app/echo HTTP/1.1\r\n"
                + HOST
                + "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"));
  }

  /** The opening handshake (RFC 6455, section 4.1). */
  static String open(String path) {
    return "GET "
        + path
        + " HTTP/1.1\r\n"
        + HOST
        + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  /**
   * A server refuses tunnels. So does the mesh, before it and in other words, while a policy names
   * paths: an authority is none.
   */
  private static String connect(RawConnection c, String target) throws IOException {
    RawConnection.Answer answer =
        c.send("CONNECT " + target + " HTTP/1.1\r\n" + HOST + "\r\n").read();
    return answer.status() >= 400 ? "refused" : answer.comparable();
  }

  private static String webSocket(RawConnection c, String path) throws IOException {
    RawConnection.Answer answer = c.send(open(path)).read();
    if (answer.status() != 101) {
      return answer.comparable();
    }
    StringBuilder transcript = new StringBuilder(answer.comparable());
    for (int length : new int[] {2, 125, 126, LONG}) {
      transcript.append(exchange(c, 0x81, "w".repeat(length).getBytes(StandardCharsets.US_ASCII)));
    }
    // Two messages in one segment, then the closing handshake.
    c.send(join(frame(0x81, new byte[] {'a'}), frame(0x81, new byte[] {'b'})));
    transcript.append(readFrame(c)).append(readFrame(c));
    transcript.append(exchange(c, 0x88, new byte[] {3, (byte) 0xe8}));
    return transcript.append("\nthen ended ").append(c.isEnded()).toString();
  }

  /** Sends a frame and reads the one that answers it. */
  static String exchange(RawConnection c, int type, byte[] payload) throws IOException {
    return readFrame(c.send(frame(type, payload)));
  }

  /** A frame with a mask, here of zeros (RFC 6455, section 5.2). */
  private static byte[] frame(int type, byte[] payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(type);
    int length = payload.length;
    if (length < 126) {
      frame.write(0x80 | length);
    } else if (length < 1 << 16) {
      frame.write(0x80 | 126);
      frame.write(length >> 8);
      frame.write(length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) length >> shift));
      }
    }
    frame.writeBytes(new byte[4]);
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /** The type and payload of the next message, however many frames the server makes of it. */
  private static String readFrame(RawConnection c) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    int type = 0;
    while (true) {
      byte[] head = c.bytes(2);
      type |= head[0] & 0x0f;
      int length = head[1] & 0x7f;
      int extended = length == 126 ? 2 : length == 127 ? 8 : 0;
      if (extended > 0) {
        length = Integer.parseInt(HexFormat.of().formatHex(c.bytes(extended)), 16);
      }
      message.writeBytes(c.bytes(length));
      if ((head[0] & 0x80) != 0) {
        return "\n" + type + " " + message.toString(StandardCharsets.ISO_8859_1);
      }
    }
  }

  private static byte[] join(byte[] one, byte[] other) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(one);
    all.writeBytes(other);
    return all.toByteArray();
  }
}
