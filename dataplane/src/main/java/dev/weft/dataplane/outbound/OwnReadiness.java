package dev.weft.dataplane.outbound;

import dev.weft.policy.snapshot.ReadinessProbe;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether this instance can be called, as it finds out by the probe that its policy has. One thread
 * {@code mesh-probe} asks at intervals; it ends when there is no probe any more. Thread-safe.
 */
public final class OwnReadiness {
  /** A probe that has changed is taken up within this time. */
  private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(1);

  private final Asking asking;
  private final LongSupplier nanos;
  private final Consumer<Runnable> starter;
  private final Runnable changed;
  private @Nullable ReadinessProbe probe;
  private volatile @Nullable Boolean ready;
  private boolean running;
  private long dueNanos;
  private int successes;
  private int failures;

  /** Makes one attempt. */
  interface Asking {
    /** Whether the instance answers well in time. */
    boolean well(ReadinessProbe probe);
  }

  /**
   * @param starter runs a loop on a thread
   * @param changed runs after each change of {@link #ready}; must return at once
   */
  OwnReadiness(Asking asking, LongSupplier nanos, Consumer<Runnable> starter, Runnable changed) {
    this.asking = asking;
    this.nanos = nanos;
    this.starter = starter;
    this.changed = changed;
  }

  /** Null without a probe. */
  public @Nullable Boolean ready() {
    return ready;
  }

  /**
   * Asks from now on as {@code next} says, or not at all.
   *
   * @param first whether the process has only just got its policy: then it has to pass the probe
   *     before it is called; one that has been called goes on being called until it fails
   */
  public void update(@Nullable ReadinessProbe next, boolean first) {
    synchronized (this) {
      if (Objects.equals(next, probe)) {
        return;
      }
      probe = next;
      successes = 0;
      failures = 0;
      if (next != null) {
        dueNanos = nanos.getAsLong() + TimeUnit.SECONDS.toNanos(next.initialDelaySeconds);
        if (!running) {
          running = true;
          starter.accept(this::run);
        }
      }
      Boolean known = ready;
      ready = next == null ? null : known == null ? Boolean.valueOf(!first) : known;
    }
    changed.run();
  }

  private void run() {
    for (long wait = round(); wait >= 0; wait = round()) {
      LockSupport.parkNanos(this, Math.min(LONGEST_WAIT, Math.max(wait, 1_000_000)));
    }
  }

  /** Asks when it is time to; nanoseconds until it is again, or -1 when there is no probe. */
  long round() {
    ReadinessProbe current;
    synchronized (this) {
      current = probe;
      if (current == null) {
        running = false;
        return -1;
      }
      long now = nanos.getAsLong();
      if (dueNanos - now > 0) {
        return dueNanos - now;
      }
      dueNanos = now + TimeUnit.SECONDS.toNanos(current.periodSeconds);
    }
    boolean well;
    try {
      well = asking.well(current);
    } catch (Throwable t) {
      // A probe that cannot be made is one that fails; the application must not hear of it.
      well = false;
    }
    if (note(current, well)) {
      changed.run();
    }
    return Math.max(0, dueNanos(current) - nanos.getAsLong());
  }

  private synchronized long dueNanos(ReadinessProbe current) {
    return current.equals(probe) ? dueNanos : nanos.getAsLong();
  }

  /** Whether it changes anything. */
  private synchronized boolean note(ReadinessProbe asked, boolean well) {
    if (!asked.equals(probe)) {
      return false;
    }
    successes = well ? Math.min(successes, Integer.MAX_VALUE - 1) + 1 : 0;
    failures = well ? 0 : Math.min(failures, Integer.MAX_VALUE - 1) + 1;
    Boolean before = ready;
    if (successes >= asked.successThreshold) {
      ready = true;
    } else if (failures >= asked.failureThreshold) {
      ready = false;
    }
    return !Objects.equals(before, ready);
  }
}
