package dev.weft.instrumentation.grpc;

import io.grpc.Metadata;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads and edits {@link Metadata} by the names and values of headers, as they are on the wire:
 * binary ones in Base64. Thread-safe; the metadata is not.
 */
final class Entries {
  /** Policy and we name that many headers; names that calls bring are not kept beyond it. */
  private static final int KEPT = 512;

  private static final ConcurrentHashMap<String, Metadata.Key<String>> KEYS =
      new ConcurrentHashMap<>();

  private static final Metadata.BinaryMarshaller<String> WIRE =
      new Metadata.BinaryMarshaller<String>() {
        @Override
        public byte[] toBytes(String value) {
          return Base64.getDecoder().decode(value);
        }

        @Override
        public String parseBytes(byte[] bytes) {
          return Base64.getEncoder().withoutPadding().encodeToString(bytes);
        }
      };

  /** Nothing to add; never changed. */
  static final Metadata NONE = new Metadata();

  private Entries() {}

  /**
   * The key of a header.
   *
   * @throws IllegalArgumentException when gRPC has no such header
   */
  private static Metadata.Key<String> key(String name) {
    Metadata.Key<String> known = KEYS.get(name);
    if (known == null) {
      known =
          name.endsWith(Metadata.BINARY_HEADER_SUFFIX)
              ? Metadata.Key.of(name, WIRE)
              : Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
      if (KEYS.size() < KEPT) {
        KEYS.put(name, known);
      }
    }
    return known;
  }

  /** The first value, or null; null also for names that gRPC cannot have. */
  static @Nullable String first(Metadata metadata, String name) {
    for (String value : all(metadata, name)) {
      return value;
    }
    return null;
  }

  /** All values in order; none for names that gRPC cannot have. */
  static List<String> all(Metadata metadata, String name) {
    if (name.isEmpty() || name.charAt(0) == ':') {
      return Collections.emptyList();
    }
    Iterable<String> values = metadata.getAll(key(name));
    if (values == null) {
      return Collections.emptyList();
    }
    List<String> all = new ArrayList<>(2);
    values.forEach(all::add);
    return Collections.unmodifiableList(all);
  }

  static void set(Metadata metadata, String name, String value) {
    Metadata.Key<String> key = key(name);
    metadata.removeAll(key);
    metadata.put(key, value);
  }

  static void add(Metadata metadata, String name, String value) {
    metadata.put(key(name), value);
  }

  static void remove(Metadata metadata, String name) {
    if (!name.isEmpty() && name.charAt(0) != ':') {
      metadata.removeAll(key(name));
    }
  }
}
