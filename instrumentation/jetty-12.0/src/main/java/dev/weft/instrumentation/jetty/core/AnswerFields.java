package dev.weft.instrumentation.jetty.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;

/** Headers of the mesh for one answer. For the thread that serves the request. */
final class AnswerFields {
  private final Map<String, String> fields = new LinkedHashMap<>();
  private final Map<String, List<String>> more = new LinkedHashMap<>();

  void set(String name, String value) {
    fields.put(name, value);
  }

  void add(String name, String value) {
    more.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
  }

  /** Those that are set take the place of the application's; the others stand beside them. */
  void write(HttpFields.Mutable answer) {
    fields.forEach(answer::put);
    more.forEach((name, values) -> values.forEach(value -> answer.add(name, value)));
  }
}
