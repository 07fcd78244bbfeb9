package dev.weft.dataplane.http;

import java.util.List;
import java.util.Map;

/** The whole answer to an {@link AgentRequest}. Immutable, as far as the body is left alone. */
public final class AgentResponse {
  private final HttpHead head;
  private final byte[] body;

  /** An answer; the body is kept, and not to be changed any more. */
  public AgentResponse(HttpHead head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /** Three digits, 200 or more. */
  public int status() {
    return head.status();
  }

  /** All headers, by their names in lower case. */
  public Map<String, List<String>> headers() {
    return head.headers();
  }

  /** The body, without its framing; not to be changed. */
  public byte[] body() {
    return body;
  }
}
