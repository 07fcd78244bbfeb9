package shop.echo;

import java.util.List;
import java.util.Map;

/** Writes one JSON object. */
final class Json {
  private final StringBuilder text = new StringBuilder("{");

  Json text(String name, String value) {
    return name(name).quoted(value);
  }

  Json number(String name, int value) {
    name(name).text.append(value);
    return this;
  }

  Json texts(String name, Map<String, List<String>> values) {
    name(name).text.append('{');
    for (Map.Entry<String, List<String>> entry : values.entrySet()) {
      name(entry.getKey()).text.append('[');
      for (String value : entry.getValue()) {
        comma().quoted(value);
      }
      text.append(']');
    }
    text.append('}');
    return this;
  }

  private Json name(String name) {
    comma().quoted(name).text.append(':');
    return this;
  }

  private Json comma() {
    char last = text.charAt(text.length() - 1);
    if (last != '{' && last != '[' && last != ':') {
      text.append(',');
    }
    return this;
  }

  private Json quoted(String value) {
    if (value == null) {
      text.append("null");
      return this;
    }
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        text.append('\\').append(c);
      } else if (c < ' ') {
        text.append(String.format("\\u%04x", (int) c));
      } else {
        text.append(c);
      }
    }
    text.append('"');
    return this;
  }

  @Override
  public String toString() {
    return text + "}";
  }
}
