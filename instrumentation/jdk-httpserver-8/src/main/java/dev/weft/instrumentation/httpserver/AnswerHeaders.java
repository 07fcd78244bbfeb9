package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Headers of an answer of which the mesh has fixed some: the server tells nobody when it writes
 * them, so what the application says of these is dropped when it says it. Not thread-safe, as any.
 */
final class AnswerHeaders extends Headers {
  private final Set<String> fixed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  private AnswerHeaders() {}

  static AnswerHeaders of(Headers written) {
    AnswerHeaders copy = new AnswerHeaders();
    copy.putAll(written);
    return copy;
  }

  void fix(String name, String value) {
    // A list of its own: the server changes its lists.
    super.put(name, new ArrayList<>(Collections.singletonList(value)));
    fixed.add(name);
  }

  private boolean isFixed(@Nullable Object name) {
    return name instanceof String && fixed.contains((String) name);
  }

  @Override
  public @Nullable List<String> put(String name, List<String> values) {
    return isFixed(name) ? get(name) : super.put(name, values);
  }

  @Override
  public void putAll(Map<? extends String, ? extends List<String>> others) {
    others.forEach(this::put);
  }

  @Override
  public void add(String name, String value) {
    if (!isFixed(name)) {
      super.add(name, value);
    }
  }

  @Override
  public void set(String name, String value) {
    if (!isFixed(name)) {
      super.set(name, value);
    }
  }

  @Override
  public @Nullable List<String> remove(Object name) {
    return isFixed(name) ? get(name) : super.remove(name);
  }

  @Override
  public void clear() {
    keySet().removeIf(name -> !isFixed(name));
  }
}
