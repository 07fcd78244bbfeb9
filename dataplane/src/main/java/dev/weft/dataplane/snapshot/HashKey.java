package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.ConsistentHash;
import org.jspecify.annotations.Nullable;

/** Finds in a request what consistent hashing goes by. Immutable. */
final class HashKey {
  private final ConsistentHash.Key kind;
  private final String name;

  private HashKey(ConsistentHash.Key kind, String name) {
    this.kind = kind;
    this.name = name;
  }

  static HashKey of(ConsistentHash policy) {
    return new HashKey(policy.key, policy.name);
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
      case HEADER:
      default:
        return text(request.header(name));
    }
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
        return TextHash.of(header, value, end);
      }
      at = end + 1;
    }
    return TextHash.NONE;
  }
}
