package dev.weft.policy.resource;

import dev.weft.policy.schema.Durations;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Typed access to a spec that its schema has accepted: what is absent reads as a default. */
final class SpecFields {
  private static final SpecFields NONE = new SpecFields(Collections.emptyMap());

  private final Map<?, ?> map;
  private final Map<String, String> annotations;

  private SpecFields(Map<?, ?> map) {
    this(map, Collections.<String, String>emptyMap());
  }

  private SpecFields(Map<?, ?> map, Map<String, String> annotations) {
    this.map = map;
    this.annotations = annotations;
  }

  /** Returns a spec with the annotations of its resource. */
  static SpecFields of(Map<?, ?> map, Map<String, String> annotations) {
    return new SpecFields(map, annotations);
  }

  /** Returns an annotation of the resource that this is the spec of. */
  @Nullable String annotation(String name) {
    return annotations.get(name);
  }

  static SpecFields of(Map<?, ?> map) {
    return new SpecFields(map);
  }

  /** Returns the same with those of the named fields that it lacks taken from another spec. */
  SpecFields withMissing(SpecFields other, Iterable<String> fields) {
    Map<Object, Object> both = new LinkedHashMap<>(map);
    for (String field : fields) {
      Object value = other.map.get(field);
      if (value != null && !has(field)) {
        both.put(field, value);
      }
    }
    return new SpecFields(both);
  }

  boolean has(String field) {
    return map.containsKey(field);
  }

  String text(String field, String absent) {
    Object value = map.get(field);
    return value == null ? absent : (String) value;
  }

  @Nullable String optionalText(String field) {
    return (String) map.get(field);
  }

  /** Returns the number; one beyond what an int holds, as a uint32 may be, reads as the largest. */
  int integer(String field, int absent) {
    Object value = map.get(field);
    return value == null ? absent : (int) Math.min(((Number) value).longValue(), Integer.MAX_VALUE);
  }

  double number(String field, double absent) {
    Object value = map.get(field);
    return value == null ? absent : ((Number) value).doubleValue();
  }

  boolean flag(String field, boolean absent) {
    Object value = map.get(field);
    return value == null ? absent : (Boolean) value;
  }

  long millis(String field, long absent) {
    Object value = map.get(field);
    return value == null ? absent : Durations.millis((String) value);
  }

  List<String> texts(String field) {
    List<String> result = new ArrayList<>();
    for (Object element : list(field)) {
      result.add((String) element);
    }
    return result;
  }

  List<Integer> integers(String field) {
    List<Integer> result = new ArrayList<>();
    for (Object element : list(field)) {
      result.add(((Number) element).intValue());
    }
    return result;
  }

  Map<String, String> textMap(String field) {
    Map<String, String> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : object(field).map.entrySet()) {
      result.put((String) entry.getKey(), (String) entry.getValue());
    }
    return result;
  }

  Map<String, Integer> intMap(String field) {
    Map<String, Integer> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : object(field).map.entrySet()) {
      result.put((String) entry.getKey(), ((Number) entry.getValue()).intValue());
    }
    return result;
  }

  /** Returns the object under the field; an absent one reads as empty. */
  SpecFields object(String field) {
    Object value = map.get(field);
    return value == null ? NONE : new SpecFields((Map<?, ?>) value);
  }

  <T> @Nullable T optionalObject(String field, Function<SpecFields, T> view) {
    return has(field) ? view.apply(object(field)) : null;
  }

  <T> List<T> objects(String field, Function<SpecFields, T> view) {
    List<T> result = new ArrayList<>();
    for (Object element : list(field)) {
      result.add(view.apply(new SpecFields((Map<?, ?>) element)));
    }
    return result;
  }

  <T> Map<String, T> objectMap(String field, Function<SpecFields, T> view) {
    Map<String, T> result = new LinkedHashMap<>();
    for (Map.Entry<?, ?> entry : object(field).map.entrySet()) {
      result.put((String) entry.getKey(), view.apply(new SpecFields((Map<?, ?>) entry.getValue())));
    }
    return result;
  }

  private List<?> list(String field) {
    Object value = map.get(field);
    return value == null ? Collections.emptyList() : (List<?>) value;
  }
}
