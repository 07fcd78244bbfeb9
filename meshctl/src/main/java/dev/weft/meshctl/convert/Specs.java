package dev.weft.meshctl.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Pieces of Istio's kinds as trees. Pure functions. */
final class Specs {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/-]*");

  private Specs() {}

  /** A tree of alternating names and values. */
  static Map<String, Object> map(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  static List<Object> list(Object... elements) {
    return new ArrayList<>(List.of(elements));
  }

  /** Puts what is not empty. */
  static void put(Map<String, Object> map, String name, Object value) {
    boolean empty =
        (value instanceof Map<?, ?> tree && tree.isEmpty())
            || (value instanceof List<?> list && list.isEmpty())
            || "".equals(value);
    if (!empty) {
      map.put(name, value);
    }
  }

  /** A destination of a route. */
  static Map<String, Object> destination(String host, String subset) {
    Map<String, Object> destination = map("host", host);
    put(destination, "subset", subset);
    return destination;
  }

  /** The expression that matches a text and nothing else. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      String each = text.substring(i, i + 1);
      quoted.append(PLAIN.matcher(each).matches() ? each : "\\" + each);
    }
    return quoted.toString();
  }

  /** A principal of a service account, in whatever trust domain the mesh has. */
  static String principal(String namespace, String account) {
    return "*/ns/" + namespace + "/sa/" + account;
  }
}
