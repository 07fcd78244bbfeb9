package dev.weft.agent.extension;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to an object of a library that cannot carry it itself: keys by identity, held
 * weakly, so a value must not hold its key. Thread-safe.
 *
 * @param <V> what is bound
 */
public final class Bindings<V> {
  private final ConcurrentHashMap<Object, V> values = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /** No bindings. */
  public Bindings() {}

  /** Binds a value to an object, in place of the former one. */
  public void put(Object owner, V value) {
    forgetCollected();
    values.put(new Key(owner, collected), value);
  }

  /** Binds a value to an object that has none; the value it has now. */
  public V putIfAbsent(Object owner, V value) {
    forgetCollected();
    V bound = values.putIfAbsent(new Key(owner, collected), value);
    return bound == null ? value : bound;
  }

  /** The value bound to an object, or null. */
  public @Nullable V get(Object owner) {
    return values.isEmpty() ? null : values.get(new Probe(owner));
  }

  /** Takes the value from an object; null when it has none. */
  public @Nullable V remove(Object owner) {
    return values.isEmpty() ? null : values.remove(new Probe(owner));
  }

  private void forgetCollected() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      values.remove(gone);
    }
  }

  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object owner, ReferenceQueue<Object> queue) {
      super(owner, queue);
      this.hash = System.identityHashCode(owner);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other || !(other instanceof Key)) {
        return this == other;
      }
      Object mine = get();
      return mine != null && mine == ((Key) other).get();
    }
  }

  /** What a look-up asks with: a reference less for the collector to look after. */
  private static final class Probe {
    private final Object owner;

    Probe(Object owner) {
      this.owner = owner;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(owner);
    }

    /** The map asks the key it looks for, not those it holds. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key && ((Key) other).get() == owner;
    }
  }
}
