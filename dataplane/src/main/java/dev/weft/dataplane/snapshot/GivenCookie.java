package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.SessionCookie;
import java.util.Collections;
import java.util.Map;

/**
 * The cookie that an answer brings to a caller that has none, so that its next request goes to the
 * same endpoint; written as Envoy writes it (RFC 6265, section 4.1.1). Immutable.
 */
public final class GivenCookie {
  private final String before;
  private final String after;

  private GivenCookie(String before, String after) {
    this.before = before;
    this.after = after;
  }

  static GivenCookie of(String name, SessionCookie policy) {
    StringBuilder after = new StringBuilder();
    if (policy.ttlSeconds > 0) {
      after.append("; Max-Age=").append(policy.ttlSeconds);
    }
    if (!policy.path.isEmpty()) {
      after.append("; Path=").append(policy.path);
    }
    for (Map.Entry<String, String> attribute : policy.attributes.entrySet()) {
      after.append("; ").append(attribute.getKey());
      if (!attribute.getValue().isEmpty()) {
        after.append('=').append(attribute.getValue());
      }
    }
    return new GivenCookie(name + "=", after.append("; HttpOnly").toString());
  }

  /** The edit of an answer that gives a cookie of this value. */
  public HeaderEdits edits(String value) {
    return HeaderEdits.builder()
        .response(
            HeaderEdits.Edits.of(
                Collections.<String, String>emptyMap(),
                Collections.singletonMap("set-cookie", before + value + after),
                Collections.<String>emptyList()))
        .build();
  }
}
