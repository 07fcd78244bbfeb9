package dev.weft.policy.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Strict view of one JSON object: every access checks the type, and what nobody asked for is an
 * error.
 *
 * <p>An agent must not run on a snapshot that it understands only in part, for the part it skips
 * may be the one that denies (promises.md C6). A sender marks what may be skipped by listing its
 * name under {@code optional} at the top of the document.
 */
final class JsonObject {
  private final String path;
  private final Map<?, ?> map;
  private final Set<String> optional;
  private final Set<String> read = new HashSet<>();

  private JsonObject(String path, Map<?, ?> map, Set<String> optional) {
    this.path = path;
    this.map = map;
    this.optional = optional;
  }

  /** Reads a whole document with {@code reader}. */
  static <T> T readAll(Map<?, ?> map, Function<JsonObject, T> reader) {
    JsonObject names = new JsonObject("", map, Collections.<String>emptySet());
    JsonObject root = new JsonObject("", map, new HashSet<>(names.texts("optional")));
    root.read.add("optional");
    return root.finish(reader);
  }

  private <T> T finish(Function<JsonObject, T> reader) {
    T value = reader.apply(this);
    for (Object key : map.keySet()) {
      String name = String.valueOf(key);
      if (!read.contains(name) && !optional.contains(name)) {
        throw error(name, "is a field that this version does not know");
      }
    }
    return value;
  }

  private @Nullable Object get(String name) {
    read.add(name);
    return map.get(name);
  }

  private IllegalArgumentException error(String name, String problem) {
    return new IllegalArgumentException(
        "document field " + (path.isEmpty() ? name : path + "." + name) + " " + problem);
  }

  private IllegalArgumentException typeError(String name, String expected, Object seen) {
    String text = String.valueOf(seen);
    return error(
        name,
        "must be " + expected + ", not " + (text.length() > 60 ? text.substring(0, 60) : text));
  }

  long longValue(String name, long absent) {
    Object value = get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    throw typeError(name, "a whole number", value);
  }

  int intValue(String name, int absent) {
    long value = longValue(name, absent);
    if (value != (int) value) {
      throw typeError(name, "a whole number of at most 32 bits", value);
    }
    return (int) value;
  }

  double decimal(String name, double absent) {
    Object value = get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Number) {
      return ((Number) value).doubleValue();
    }
    throw typeError(name, "a number", value);
  }

  boolean flag(String name, boolean absent) {
    Object value = get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean) {
      return (Boolean) value;
    }
    throw typeError(name, "true or false", value);
  }

  String text(String name, String absent) {
    String value = optionalText(name);
    return value == null ? absent : value;
  }

  @Nullable String optionalText(String name) {
    Object value = get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw typeError(name, "a text", value);
  }

  <E extends Enum<E>> E constant(String name, Class<E> type, E absent) {
    String value = optionalText(name);
    return value == null ? absent : constantOf(name, type, value);
  }

  private <E extends Enum<E>> E constantOf(String name, Class<E> type, Object value) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().equals(value)) {
        return constant;
      }
    }
    throw typeError(name, "one of the known constants of " + type.getSimpleName(), value);
  }

  List<String> texts(String name) {
    return elements(name, String.class, "a list of texts");
  }

  List<Integer> ints(String name) {
    return elements(name, Integer.class, "a list of whole numbers");
  }

  private <T> List<T> elements(String name, Class<T> type, String expected) {
    List<T> result = new ArrayList<>();
    for (Object element : array(name)) {
      if (!type.isInstance(element)) {
        throw typeError(name, expected, element);
      }
      result.add(type.cast(element));
    }
    return result;
  }

  <T> List<T> objects(String name, Function<JsonObject, T> reader) {
    List<T> result = new ArrayList<>();
    for (Object element : array(name)) {
      result.add(child(name + "[" + result.size() + "]", element).finish(reader));
    }
    return result;
  }

  private List<?> array(String name) {
    Object value = get(name);
    if (value == null) {
      return Collections.emptyList();
    }
    if (value instanceof List) {
      return (List<?>) value;
    }
    throw typeError(name, "a list", value);
  }

  <T> T object(String name, Function<JsonObject, T> reader, T absent) {
    Object value = get(name);
    return value == null ? absent : child(name, value).finish(reader);
  }

  <T> @Nullable T optionalObject(String name, Function<JsonObject, T> reader) {
    Object value = get(name);
    return value == null ? null : child(name, value).finish(reader);
  }

  <T> Map<String, T> objectMap(String name, Function<JsonObject, T> reader) {
    Map<String, T> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      String key = String.valueOf(entry.getKey());
      result.put(key, child(name + "." + key, entry.getValue()).finish(reader));
    }
    return result;
  }

  Map<String, String> textMap(String name) {
    Map<String, String> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      if (!(entry.getValue() instanceof String)) {
        throw typeError(name, "a map of texts", entry);
      }
      result.put(String.valueOf(entry.getKey()), (String) entry.getValue());
    }
    return result;
  }

  Map<String, Integer> intMap(String name) {
    Map<String, Integer> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      if (!(entry.getValue() instanceof Integer)) {
        throw typeError(name, "a map of whole numbers", entry);
      }
      result.put(String.valueOf(entry.getKey()), (Integer) entry.getValue());
    }
    return result;
  }

  <T> Map<Integer, T> objectsByPort(String name, Function<JsonObject, T> reader) {
    Map<Integer, T> result = new LinkedHashMap<>();
    for (Map.Entry<String, T> entry : objectMap(name, reader).entrySet()) {
      try {
        result.put(Integer.valueOf(entry.getKey()), entry.getValue());
      } catch (NumberFormatException e) {
        throw typeError(name, "a map by port number", entry.getKey());
      }
    }
    return result;
  }

  Map<Integer, MtlsMode> portModes(String name) {
    Map<Integer, MtlsMode> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      try {
        result.put(
            Integer.valueOf(String.valueOf(entry.getKey())),
            constantOf(name, MtlsMode.class, entry.getValue()));
      } catch (NumberFormatException e) {
        throw typeError(name, "a map by port number", entry);
      }
    }
    return result;
  }

  /** The object as it came, to be read later. */
  Map<String, Object> tree(String name) {
    Map<String, Object> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : entries(name).entrySet()) {
      result.put(String.valueOf(entry.getKey()), entry.getValue());
    }
    return result;
  }

  private Map<?, ?> entries(String name) {
    Object value = get(name);
    if (value == null) {
      return Collections.emptyMap();
    }
    if (value instanceof Map) {
      return (Map<?, ?>) value;
    }
    throw typeError(name, "an object", value);
  }

  private JsonObject child(String name, @Nullable Object value) {
    if (!(value instanceof Map)) {
      throw typeError(name, "an object", String.valueOf(value));
    }
    String below = path.isEmpty() ? name : path + "." + name;
    return new JsonObject(below, (Map<?, ?>) value, optional);
  }
}
