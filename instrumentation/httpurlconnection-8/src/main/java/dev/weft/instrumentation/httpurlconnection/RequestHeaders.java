package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.filter.HeaderEditor;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Headers in the order they were set. Names are case-insensitive and kept as written. */
final class RequestHeaders {
  private final List<String> names = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  RequestHeaders copy() {
    RequestHeaders copy = new RequestHeaders();
    copy.names.addAll(names);
    copy.values.addAll(values);
    return copy;
  }

  /** The first value, or null. */
  @Nullable String first(String name) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        return values.get(i);
      }
    }
    return null;
  }

  void set(String name, String value) {
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equalsIgnoreCase(name)) {
        values.set(i, value);
        removeAfter(name, i);
        return;
      }
    }
    add(name, value);
  }

  void add(String name, String value) {
    names.add(name);
    values.add(value);
  }

  void remove(String name) {
    removeAfter(name, -1);
  }

  private void removeAfter(String name, int kept) {
    for (int i = names.size() - 1; i > kept; i--) {
      if (names.get(i).equalsIgnoreCase(name)) {
        names.remove(i);
        values.remove(i);
      }
    }
  }

  void copyTo(HeaderEditor copy) {
    for (int i = 0; i < names.size(); i++) {
      copy.addHeader(names.get(i), values.get(i));
    }
  }

  void applyTo(HttpURLConnection connection) {
    for (int i = 0; i < names.size(); i++) {
      connection.addRequestProperty(names.get(i), values.get(i));
    }
  }
}
