package dev.weft.dataplane.inbound;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What {@link InboundRequest#setAnswerHeader} and {@link InboundRequest#addAnswerHeader} were told
 * of one answer, until its server writes it. Not thread-safe: for the thread that serves the
 * request.
 */
public final class AnswerEdits {
  private final Map<String, String> set = new LinkedHashMap<>();
  private final Map<String, List<String>> added = new LinkedHashMap<>();

  /** The one value of a header, in the place of the application's and of one set before. */
  public void set(String name, String value) {
    set.put(name, value);
  }

  /** A value of a header beside those that the application gives. */
  public void add(String name, String value) {
    added.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
  }

  /**
   * Writes them: first those that take a place, then those beside others.
   *
   * @param setter replaces all values of a header in the answer
   * @param adder adds one
   */
  public void write(BiConsumer<String, String> setter, BiConsumer<String, String> adder) {
    set.forEach(setter);
    added.forEach((name, values) -> values.forEach(value -> adder.accept(name, value)));
  }
}
