package dev.weft.controlserver.compile;

import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was said about a host: an exact name before a wildcard, a longer wildcard before a
 * shorter one, and among equals in the order of insertion. Filled once, then only read.
 */
final class HostTable<T> {
  private final Map<String, List<T>> exact = new TreeMap<>();
  private final Map<String, List<T>> wildcards =
      new TreeMap<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.naturalOrder()));

  /**
   * @param pattern a canonical host or {@code *suffix}, in lower case
   */
  void add(String pattern, T value) {
    (pattern.startsWith("*") ? wildcards : exact)
        .computeIfAbsent(pattern, key -> new ArrayList<>())
        .add(value);
  }

  /** All that share the most specific pattern covering {@code host}; empty when there is none. */
  List<T> find(String host) {
    List<T> found = exact.get(host);
    if (found != null) {
      return found;
    }
    for (Map.Entry<String, List<T>> entry : wildcards.entrySet()) {
      if (HostNames.matches(entry.getKey(), host)) {
        return entry.getValue();
      }
    }
    return List.of();
  }

  /** The first that counts, the most specific pattern first; the others are as if not there. */
  @Nullable T first(String host, BiPredicate<String, T> counts) {
    T found = first(host, exact.getOrDefault(host, List.of()), counts);
    for (Map.Entry<String, List<T>> entry : wildcards.entrySet()) {
      if (found == null && HostNames.matches(entry.getKey(), host)) {
        found = first(entry.getKey(), entry.getValue(), counts);
      }
    }
    return found;
  }

  private static <T> @Nullable T first(
      String pattern, List<T> values, BiPredicate<String, T> counts) {
    for (T value : values) {
      if (counts.test(pattern, value)) {
        return value;
      }
    }
    return null;
  }
}
