package dev.weft.controlserver.compile;

import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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
}
