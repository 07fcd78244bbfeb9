package dev.weft.instrumentation.jdbc;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a driver's objects, beside them: compared by identity, and forgotten with them.
 * A value must not refer to its key. Thread-safe.
 */
final class WeakIdentityMap<V> {
  private final ConcurrentHashMap<Object, V> values = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> lost = new ReferenceQueue<>();

  /** What is known of {@code key}, or null. */
  @Nullable V get(Object key) {
    return values.get(new Probe(key));
  }

  /** Keeps {@code value} in place of what was known. */
  void put(Object key, V value) {
    forget();
    values.put(new Key(key, lost), value);
  }

  /** What is known of {@code key}, made when there is nothing. */
  V computeIfAbsent(Object key, Function<Object, V> maker) {
    V known = get(key);
    if (known != null) {
      return known;
    }
    forget();
    return values.computeIfAbsent(new Key(key, lost), k -> maker.apply(key));
  }

  /** Forgets {@code key}; answers what was known of it, or null. */
  @Nullable V remove(Object key) {
    return values.remove(new Probe(key));
  }

  private void forget() {
    for (Reference<?> key = lost.poll(); key != null; key = lost.poll()) {
      values.remove(key);
    }
  }

  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object key, ReferenceQueue<Object> lost) {
      super(key, lost);
      this.hash = System.identityHashCode(key);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (other instanceof Probe) {
        return get() == ((Probe) other).key;
      }
      if (this == other) {
        return true;
      }
      if (other instanceof Key) {
        Object own = get();
        return own != null && own == ((Key) other).get();
      }
      return false;
    }
  }

  private static final class Probe {
    private final Object key;

    Probe(Object key) {
      this.key = key;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(key);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key && ((Key) other).get() == key;
    }
  }
}
