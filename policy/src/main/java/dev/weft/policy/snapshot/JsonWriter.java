package dev.weft.policy.snapshot;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds one JSON object in a fixed order of fields; what is empty or at its default is left out.
 */
final class JsonWriter {
  private final Map<String, Object> map = new LinkedHashMap<>();

  Map<String, Object> map() {
    return map;
  }

  JsonWriter number(String name, long value, long absent) {
    return value == absent ? this : put(name, value);
  }

  JsonWriter decimal(String name, double value, double absent) {
    return value == absent ? this : put(name, value);
  }

  JsonWriter flag(String name, boolean value, boolean absent) {
    return value == absent ? this : put(name, value);
  }

  /** Null is absent; an empty text is written, for it may differ from the default. */
  JsonWriter text(String name, @Nullable String value) {
    return value == null ? this : put(name, value);
  }

  JsonWriter list(String name, Collection<?> values) {
    return values.isEmpty() ? this : put(name, new ArrayList<Object>(values));
  }

  <T> JsonWriter list(String name, Collection<T> values, Function<T, Object> element) {
    List<Object> list = new ArrayList<>(values.size());
    for (T value : values) {
      list.add(element.apply(value));
    }
    return list(name, list);
  }

  <K, V> JsonWriter map(String name, Map<K, V> values, Function<V, Object> element) {
    Map<String, Object> object = new LinkedHashMap<>();
    for (Map.Entry<K, V> entry : values.entrySet()) {
      object.put(String.valueOf(entry.getKey()), element.apply(entry.getValue()));
    }
    return object(name, object);
  }

  JsonWriter object(String name, Map<String, Object> value) {
    return value.isEmpty() ? this : put(name, value);
  }

  /** Null is absent; an object whose fields are all at their defaults is written as empty. */
  <T> JsonWriter optionalObject(
      String name, @Nullable T value, Function<T, Map<String, Object>> fields) {
    return value == null ? this : put(name, fields.apply(value));
  }

  private JsonWriter put(String name, Object value) {
    map.put(name, value);
    return this;
  }
}
