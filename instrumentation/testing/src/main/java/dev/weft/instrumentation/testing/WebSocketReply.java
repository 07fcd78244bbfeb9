package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.weft.instrumentation.testing.TestInstance.Received;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a server of WebSockets answers to the opening handshake (RFC 6455, section 4.2.2). */
public final class WebSocketReply {
  private static final byte[] HI_AND_GOODBYE = {
    (byte) 0x81, 2, 'h', 'i', (byte) 0x88, 2, 3, (byte) 0xe8
  };

  private WebSocketReply() {}

  /** Agrees, says {@code hi} and closes. */
  public static Reply hiAndGoodbye(Received request) {
    try {
      String key = request.header("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
      byte[] hash = MessageDigest.getInstance("SHA-1").digest(key.getBytes(US_ASCII));
      return Reply.of(101, HI_AND_GOODBYE)
          .with("Upgrade", "websocket")
          .with("Connection", "Upgrade")
          .with("Sec-WebSocket-Accept", Base64.getEncoder().encodeToString(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
