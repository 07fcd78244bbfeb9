package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.Headers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Headers of an answer of which the mesh has fixed some: the server tells nobody when it writes
 * them, so what the application says of these is dropped when it says it, and what is to stand
 * beside its own is put back. Not thread-safe, as any.
 */
final class AnswerHeaders extends Headers {
  private final Set<String> fixed = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<String, List<String>> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

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

  /** A value that stays, whatever the application does to its own. */
  void keep(String name, String value) {
    kept.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
    super.add(name, value);
  }

  private void restore(String name) {
    List<String> values = kept.get(name);
    if (values != null) {
      List<String> all = get(name);
      for (String value : values) {
        if (all == null || !all.contains(value)) {
          super.add(name, value);
        }
      }
    }
  }

  private boolean isFixed(@Nullable Object name) {
    return name instanceof String && fixed.contains((String) name);
  }

  @Override
  public @Nullable List<String> put(String name, List<String> values) {
    if (isFixed(name)) {
      return get(name);
    }
    // A list of its own where it is to grow; else the application's, as without us.
    boolean grows = values != null && kept.containsKey(name);
    List<String> before = super.put(name, grows ? new ArrayList<>(values) : values);
    restore(name);
    return before;
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
      restore(name);
    }
  }

  @Override
  public @Nullable List<String> remove(Object name) {
    if (isFixed(name)) {
      return get(name);
    }
    List<String> before = super.remove(name);
    restore(String.valueOf(name));
    return before;
  }

  @Override
  public void clear() {
    keySet().removeIf(name -> !isFixed(name));
    kept.keySet().forEach(this::restore);
  }
}
