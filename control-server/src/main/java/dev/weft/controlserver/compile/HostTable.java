package dev.weft.controlserver.compile;

import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what was said about a host: an exact name before a wildcard, a longer wildcard before a
 * shorter one, and among equals in the order of insertion. Filled once, then only read.
 */
final class HostTable<T> {
  private final Map<String, List<T>> exact = new HashMap<>();
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

  /**
   * Those that count of the most specific pattern covering {@code host} that has any; the others
   * are as if not there.
   */
  List<T> find(String host, Predicate<T> counts) {
    List<T> found = those(exact.getOrDefault(host, List.of()), counts);
    for (Map.Entry<String, List<T>> entry : wildcards.entrySet()) {
      if (!found.isEmpty()) {
        break;
      }
      if (HostNames.matches(entry.getKey(), host)) {
        found = those(entry.getValue(), counts);
      }
    }
    return found;
  }

  private static <T> List<T> those(List<T> values, Predicate<T> counts) {
    return values.stream().allMatch(counts) ? values : values.stream().filter(counts).toList();
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
