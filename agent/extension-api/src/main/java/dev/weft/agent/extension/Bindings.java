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
  private final ConcurrentHashMap<Key, V> values = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> collected = new ReferenceQueue<>();

  /** No bindings. */
  public Bindings() {}

  /** Binds a value to an object, in place of the former one. */
  public void put(Object owner, V value) {
    forgetCollected();
    values.put(new Key(owner, collected), value);
  }

  /** The value bound to an object, or null. */
  public @Nullable V get(Object owner) {
    return values.isEmpty() ? null : values.get(new Key(owner, null));
  }

  /** Takes the value from an object; null when it has none. */
  public @Nullable V remove(Object owner) {
    return values.isEmpty() ? null : values.remove(new Key(owner, null));
  }

  private void forgetCollected() {
    for (Reference<?> gone = collected.poll(); gone != null; gone = collected.poll()) {
      values.remove(gone);
    }
  }

  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object owner, @Nullable ReferenceQueue<Object> queue) {
      super(owner, queue);
      this.hash = System.identityHashCode(owner);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      if (!(other instanceof Key)) {
        return false;
      }
      Object mine = get();
      return mine != null && ((Key) other).isFor(mine);
    }

    private boolean isFor(Object object) {
      return get() == object;
    }
  }
}
