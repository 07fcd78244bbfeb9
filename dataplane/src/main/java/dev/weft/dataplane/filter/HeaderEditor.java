package dev.weft.dataplane.filter;

import dev.weft.policy.snapshot.HeaderEdits;
import java.util.Map;

/** Headers of a message that can be changed. Names are case-insensitive. */
public interface HeaderEditor {
  /** Replaces all values. */
  void setHeader(String name, String value);

  /** Adds a value beside those that are there. */
  void addHeader(String name, String value);

  /** Removes all values. */
  void removeHeader(String name);

  /** Removes, then sets, then adds what policy asks for, as Envoy does. */
  default void edit(HeaderEdits.Edits edits) {
    if (edits.isEmpty()) {
      return;
    }
    for (String name : edits.remove) {
      removeHeader(name);
    }
    for (Map.Entry<String, String> header : edits.set.entrySet()) {
      setHeader(header.getKey(), header.getValue());
    }
    for (Map.Entry<String, String> header : edits.add.entrySet()) {
      addHeader(header.getKey(), header.getValue());
    }
  }
}
