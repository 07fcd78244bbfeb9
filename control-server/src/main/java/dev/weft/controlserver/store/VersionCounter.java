package dev.weft.controlserver.store;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The version of the mesh's state: grows by one with every change and never goes back, also across
 * restarts.
 *
 * <p>Changes of the registry are not stored, so the counter reserves versions in blocks: a restart
 * begins above everything that may have been given out. Thread-safe.
 */
public final class VersionCounter {
  private static final String KEY = "version-ceiling";
  private static final long BLOCK = 1_000;

  private final MeshStore store;
  private final AtomicLong current;
  private long ceiling;

  public VersionCounter(MeshStore store) {
    this.store = store;
    String stored = store.get(Table.META, KEY);
    ceiling = stored == null ? 0 : Long.parseLong(stored);
    current = new AtomicLong(ceiling);
  }

  public long current() {
    return current.get();
  }

  /**
   * Makes sure that {@link #advance} will not need the store. Writes once in {@value #BLOCK}
   * versions.
   *
   * @throws StoreException when that write failed
   */
  public synchronized void reserve() {
    if (current.get() < ceiling) {
      return;
    }
    long raised = ceiling + BLOCK;
    store.write(
        tx -> {
          tx.put(Table.META, KEY, Long.toString(raised));
          return raised;
        });
    ceiling = raised;
  }

  /** Goes to the next version, which {@link #reserve} must have made room for. */
  public synchronized long advance() {
    if (current.get() >= ceiling) {
      throw new IllegalStateException("no version is reserved");
    }
    return current.incrementAndGet();
  }
}
