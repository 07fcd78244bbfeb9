package dev.weft.agent.control;

import dev.weft.policy.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A complete answer of the control server. Immutable. */
final class ControlReply {

  private static final int SHOWN = 120;

  final int status;
  final byte[] body;
  private final @Nullable String date;

  ControlReply(int status, byte[] body, @Nullable String date) {
    this.status = status;
    this.body = body;
    this.date = date;
  }

  boolean isOk() {
    return status >= 200 && status < 300;
  }

  /** Neither this identity nor this token is accepted; trying the same again will not help. */
  boolean isRefusal() {
    return status == 401 || status == 403;
  }

  /** The body as a JSON object; a page of HTML or half a document is an {@link IOException}. */
  Map<String, Object> json() throws IOException {
    try {
      return JsonTree.STANDARD.read(body);
    } catch (IOException | RuntimeException e) {
      throw new IOException("the control server answered with something that is not JSON", e);
    }
  }

  /** The server's own words about a failure, or the beginning of whatever it sent. */
  String message() {
    try {
      Object error = json().get("error");
      if (error instanceof Map) {
        Object message = ((Map<?, ?>) error).get("message");
        if (message != null) {
          return status + " " + message;
        }
      }
    } catch (IOException e) {
      // Not ours: shown as it is, below.
    }
    String text = new String(body, StandardCharsets.UTF_8).trim();
    String shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
    return "status " + status + (shown.isEmpty() ? "" : ": " + shown);
  }

  /** The control server's clock when it answered, to the second; null when it did not say. */
  @Nullable Instant serverTime() {
    String text = date;
    return text == null ? null : HttpDate.parse(text);
  }
}
