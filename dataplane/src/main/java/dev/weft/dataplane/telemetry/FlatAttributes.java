package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Attributes in the order in which they were put. The SDK's own sort and compare their keys, which
 * is half of what a span costs its exporter, and ours are distinct by construction. Written by one
 * thread, then read only.
 */
final class FlatAttributes implements Attributes {
  private static final int USUAL = 16;

  private @Nullable Object[] pairs = new Object[2 * USUAL];
  private int length;

  /** Adds a pair whose key is not there yet. */
  <T> void put(AttributeKey<T> key, T value) {
    if (length == pairs.length) {
      pairs = Arrays.copyOf(pairs, 2 * length);
    }
    pairs[length++] = key;
    pairs[length++] = value;
  }

  @Override
  @SuppressWarnings("unchecked") // put pairs a key with a value of its type.
  public <T> @Nullable T get(AttributeKey<T> key) {
    for (int i = 0; i < length; i += 2) {
      if (key.equals(pairs[i])) {
        return (T) pairs[i + 1];
      }
    }
    return null;
  }

  @Override
  public void forEach(BiConsumer<? super AttributeKey<?>, ? super Object> consumer) {
    for (int i = 0; i < length; i += 2) {
      Object value = pairs[i + 1];
      if (pairs[i] instanceof AttributeKey && value != null) {
        consumer.accept((AttributeKey<?>) pairs[i], value);
      }
    }
  }

  @Override
  public int size() {
    return length / 2;
  }

  @Override
  public boolean isEmpty() {
    return length == 0;
  }

  @Override
  public Map<AttributeKey<?>, Object> asMap() {
    Map<AttributeKey<?>, Object> map = new LinkedHashMap<>();
    forEach(map::put);
    return Collections.unmodifiableMap(map);
  }

  @Override
  public AttributesBuilder toBuilder() {
    return Attributes.builder().putAll(this);
  }

  @Override
  public String toString() {
    return asMap().toString();
  }
}
