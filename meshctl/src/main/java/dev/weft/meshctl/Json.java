package dev.weft.meshctl;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A JSON object of the REST API, read leniently: what is absent reads as empty. */
record Json(Map<String, Object> map) {

  static Json parse(String text) throws IOException {
    return new Json(JSON.std.mapFrom(text));
  }

  static String pretty(Map<String, Object> map) {
    try {
      return JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT).asString(map);
    } catch (IOException e) {
      throw new IllegalStateException("JSON could not be written", e);
    }
  }

  static String compact(Map<String, Object> map) {
    try {
      return JSON.std.asString(map);
    } catch (IOException e) {
      throw new IllegalStateException("JSON could not be written", e);
    }
  }

  boolean has(String field) {
    return map.get(field) != null;
  }

  String text(String field) {
    Object value = map.get(field);
    return value == null ? "" : value.toString();
  }

  long number(String field) {
    return map.get(field) instanceof Number number ? number.longValue() : 0;
  }

  boolean flag(String field) {
    return Boolean.TRUE.equals(map.get(field));
  }

  Json object(String field) {
    return map.get(field) instanceof Map<?, ?> object ? of(object) : new Json(Map.of());
  }

  List<Json> objects(String field) {
    List<Json> result = new ArrayList<>();
    if (map.get(field) instanceof List<?> list) {
      for (Object element : list) {
        if (element instanceof Map<?, ?> object) {
          result.add(of(object));
        }
      }
    }
    return result;
  }

  List<String> texts(String field) {
    List<String> result = new ArrayList<>();
    if (map.get(field) instanceof List<?> list) {
      list.forEach(element -> result.add(String.valueOf(element)));
    }
    return result;
  }

  @SuppressWarnings("unchecked") // JSON objects have texts as keys
  private static Json of(Map<?, ?> object) {
    return new Json((Map<String, Object>) object);
  }
}
