package dev.weft.policy.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Unmodifiable copies, so that a builder's caller cannot change what was built. */
final class Copies {
  private Copies() {}

  static <T> List<T> of(List<T> list) {
    return list.isEmpty()
        ? Collections.<T>emptyList()
        : Collections.unmodifiableList(new ArrayList<>(list));
  }

  /** Copies in the order of the keys, so that equal maps give equal documents. */
  static <K extends Comparable<K>, V> Map<K, V> of(Map<K, V> map) {
    return map.isEmpty()
        ? Collections.<K, V>emptyMap()
        : Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(map)));
  }
}
