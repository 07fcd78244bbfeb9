package dev.weft.dataplane.filter;

import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import org.jspecify.annotations.Nullable;

/** Reads raw queries. */
public final class QueryText {
  private QueryText() {}

  /** The first value of the parameter, {@code ""} when it has none, null when it is absent. */
  public static @Nullable String value(String path, int question, String name) {
    int at = question + 1;
    while (at <= path.length() && question < path.length()) {
      int end = path.indexOf('&', at);
      end = end < 0 ? path.length() : end;
      int equals = path.indexOf('=', at);
      int nameEnd = equals < 0 || equals > end ? end : equals;
      if (nameEnd - at == name.length() && path.startsWith(name, at)) {
        return nameEnd == end ? "" : decode(path.substring(nameEnd + 1, end));
      }
      at = end + 1;
    }
    return null;
  }

  /** A name or a value as an application decodes it; what cannot be decoded stays as it is. */
  public static String decode(String raw) {
    if (raw.indexOf('%') < 0 && raw.indexOf('+') < 0) {
      return raw;
    }
    try {
      return URLDecoder.decode(raw, "UTF-8");
    } catch (UnsupportedEncodingException | IllegalArgumentException malformed) {
      return raw;
    }
  }
}
