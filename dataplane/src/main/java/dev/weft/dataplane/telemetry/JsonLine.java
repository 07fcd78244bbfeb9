package dev.weft.dataplane.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Builds one JSON object on one line. Everything outside printable ASCII is written as an escape,
 * so that no value, wherever it came from, can end the line, start another, or drive a terminal.
 * Not thread-safe.
 */
final class JsonLine {

  private static final String HEX = "0123456789abcdef";
  private static final int MAX_VALUE_LENGTH = 1_024;

  private final StringBuilder out = new StringBuilder(512);

  JsonLine() {
    out.append('{');
  }

  JsonLine field(String name, @Nullable String value) {
    if (value != null) {
      name(name);
      out.append('"');
      int length = Math.min(value.length(), MAX_VALUE_LENGTH);
      for (int i = 0; i < length; i++) {
        escape(value.charAt(i));
      }
      if (length < value.length()) {
        out.append("...");
      }
      out.append('"');
    }
    return this;
  }

  JsonLine field(String name, long value) {
    name(name);
    out.append(value);
    return this;
  }

  String end() {
    return out.append("}\n").toString();
  }

  private void name(String name) {
    if (out.length() > 1) {
      out.append(',');
    }
    out.append('"').append(name).append("\":");
  }

  private void escape(char c) {
    if (c == '"' || c == '\\') {
      out.append('\\').append(c);
    } else if (c < ' ' || c > '~') {
      out.append("\\u").append(HEX.charAt(c >> 12)).append(HEX.charAt((c >> 8) & 0xf));
      out.append(HEX.charAt((c >> 4) & 0xf)).append(HEX.charAt(c & 0xf));
    } else {
      out.append(c);
    }
  }
}
