package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.origination.Originations;
import dev.weft.dataplane.resilience.StateRegistry;
import dev.weft.policy.snapshot.Snapshot;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The snapshot in force. The request path reads one volatile reference; a new snapshot is compiled
 * first and swapped in whole, or refused and nothing changes. Thread-safe.
 */
public final class SnapshotHolder {
  private final StateRegistry registry;
  private final Originations originations;
  private final SnapshotCompiler compiler;
  private final List<Consumer<CompiledSnapshot>> listeners = new CopyOnWriteArrayList<>();
  private volatile CompiledSnapshot current;

  private SnapshotHolder(StateRegistry registry, OwnInstance own, Originations originations) {
    this.registry = registry;
    this.originations = originations;
    this.compiler = new SnapshotCompiler(registry, own, originations);
    this.current = compiler.compile(Snapshot.empty());
  }

  /** A holder of the empty snapshot. */
  public static SnapshotHolder create() {
    return create(OwnInstance.UNKNOWN, System::nanoTime);
  }

  /**
   * A holder of the empty snapshot, for this process.
   *
   * @param nanos the data plane's clock
   */
  public static SnapshotHolder create(OwnInstance own, LongSupplier nanos) {
    return new SnapshotHolder(new StateRegistry(nanos), own, Originations.create());
  }

  /** What outlives snapshots. */
  public StateRegistry registry() {
    return registry;
  }

  /** The TLS with servers outside the mesh that policy asks for. */
  public Originations originations() {
    return originations;
  }

  /** The snapshot in force. */
  public CompiledSnapshot current() {
    return current;
  }

  /**
   * Compiles a snapshot and puts it in force, then tells the listeners on this thread.
   *
   * @throws RuntimeException when the snapshot cannot be compiled, or a listener refuses it; the
   *     one in force stays then, and the message says what to answer the control server (nack)
   */
  public synchronized CompiledSnapshot apply(Snapshot snapshot) {
    CompiledSnapshot before = current;
    CompiledSnapshot next = compiler.compile(snapshot);
    int told = 0;
    try {
      // Listeners first: what they compile for themselves (inbound rules) may refuse the snapshot.
      for (Consumer<CompiledSnapshot> listener : listeners) {
        told++;
        listener.accept(next);
      }
    } catch (RuntimeException refused) {
      for (Consumer<CompiledSnapshot> listener : listeners.subList(0, told)) {
        listener.accept(before);
      }
      throw refused;
    }
    current = next;
    compiler.retire(next);
    return next;
  }

  /**
   * Adds a listener and tells it the snapshot in force at once. A listener swaps one reference; it
   * throws to refuse a snapshot and is then told the former one again.
   */
  public synchronized void listen(Consumer<CompiledSnapshot> listener) {
    listener.accept(current);
    listeners.add(listener);
  }
}
