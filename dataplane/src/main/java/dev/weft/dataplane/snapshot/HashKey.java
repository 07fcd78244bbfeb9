package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.QueryText;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.ConsistentHash;
import org.jspecify.annotations.Nullable;

/** Finds in a request what consistent hashing goes by. Immutable. */
final class HashKey {
  private final ConsistentHash.Key kind;
  private final String name;
  private final long source;
  private final @Nullable GivenCookie given;

  private HashKey(ConsistentHash policy, OwnInstance own) {
    this.kind = policy.key;
    this.name = policy.name;
    this.source = TextHash.of(own.id());
    this.given = policy.generated == null ? null : GivenCookie.of(policy.name, policy.generated);
  }

  static HashKey of(ConsistentHash policy, OwnInstance own) {
    return new HashKey(policy, own);
  }

  /** What a request without the cookie is given, or null. */
  @Nullable GivenCookie given() {
    return given;
  }

  /** Its hash, {@link TextHash#NONE} when the request does not have it. */
  long of(RequestHead request) {
    switch (kind) {
      case COOKIE:
        return cookie(request.header("cookie"));
      case QUERY_PARAMETER:
        String path = request.path();
        int question = path.indexOf('?');
        return question < 0 ? TextHash.NONE : text(QueryText.value(path, question, name));
      case SOURCE:
        return source;
      case HEADER:
      default:
        return text(request.header(name));
    }
  }

  private static long unquoted(String header, int from, int to) {
    boolean quoted = to - from > 1 && header.charAt(from) == '"' && header.charAt(to - 1) == '"';
    return quoted ? TextHash.of(header, from + 1, to - 1) : TextHash.of(header, from, to);
  }

  private static long text(@Nullable String value) {
    return value == null ? TextHash.NONE : TextHash.of(value);
  }

  /** RFC 6265, section 4.2.1: pairs parted by a semicolon and a space. */
  private long cookie(@Nullable String header) {
    int at = 0;
    while (header != null && at < header.length()) {
      int end = header.indexOf(';', at);
      end = end < 0 ? header.length() : end;
      while (at < end && header.charAt(at) == ' ') {
        at++;
      }
      int value = at + name.length() + 1;
      if (value <= end && header.startsWith(name, at) && header.charAt(value - 1) == '=') {
        return unquoted(header, value, end);
      }
      at = end + 1;
    }
    return TextHash.NONE;
  }
}
