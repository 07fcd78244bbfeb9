package dev.weft.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Typed access to the fields of an instance report, with limits on what a stranger may send. */
final class ReportFields {
  private static final int MAX_TEXT = 2048;
  private static final int MAX_ENTRIES = 512;

  private final Map<?, ?> map;

  ReportFields(Map<?, ?> map) {
    this.map = map;
  }

  String text(String name, String absent) {
    String value = optionalText(name);
    return value == null ? absent : value;
  }

  @Nullable String optionalText(String name) {
    Object value = map.get(name);
    return value == null ? null : text(name, value);
  }

  private static String text(String name, @Nullable Object value) {
    if (value instanceof String && ((String) value).length() <= MAX_TEXT) {
      return (String) value;
    }
    throw wrong(name, "a text of at most " + MAX_TEXT + " characters");
  }

  long number(String name, long max) {
    Object value = map.get(name);
    if (value == null) {
      return 0;
    }
    if (value instanceof Integer || value instanceof Long) {
      long number = ((Number) value).longValue();
      if (number >= 0 && number <= max) {
        return number;
      }
    }
    throw wrong(name, "a whole number from 0 to " + max);
  }

  boolean flag(String name) {
    Object value = map.get(name);
    if (value == null || value instanceof Boolean) {
      return Boolean.TRUE.equals(value);
    }
    throw wrong(name, "true or false");
  }

  Map<String, String> texts(String name) {
    Object value = map.get(name);
    if (value == null) {
      return new LinkedHashMap<>();
    }
    if (!(value instanceof Map) || ((Map<?, ?>) value).size() > MAX_ENTRIES) {
      throw wrong(name, "an object of at most " + MAX_ENTRIES + " texts");
    }
    Map<String, String> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
      result.put(text(name, entry.getKey()), text(name, entry.getValue()));
    }
    return result;
  }

  List<InstrumentationStatus> instrumentation(String name) {
    Object value = map.get(name);
    if (value == null) {
      return new ArrayList<>();
    }
    if (!(value instanceof List) || ((List<?>) value).size() > MAX_ENTRIES) {
      throw wrong(name, "a list of at most " + MAX_ENTRIES + " objects");
    }
    List<InstrumentationStatus> result = new ArrayList<>();
    for (Object element : (List<?>) value) {
      if (!(element instanceof Map)) {
        throw wrong(name, "a list of objects");
      }
      result.add(InstrumentationStatus.fromMap((Map<?, ?>) element));
    }
    return result;
  }

  private static IllegalArgumentException wrong(String name, String expected) {
    return new IllegalArgumentException("instance report: " + name + " must be " + expected);
  }
}
