package dev.weft.dataplane.origination;

import dev.weft.dataplane.Detached;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * The TLS of all policies in force with servers outside the mesh. One thread {@code mesh-tls-files}
 * looks every 5 s whether a file has changed, while there is any policy. Thread-safe.
 */
public final class Originations {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Consumer<Runnable> starter;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<List<Object>, Origination> known = new HashMap<>();
  private volatile Consumer<String> log = line -> {};
  private boolean running;

  private Originations(Consumer<Runnable> starter) {
    this.starter = starter;
  }

  /** None yet, and a thread as soon as there are. */
  public static Originations create() {
    return on(loop -> Detached.thread(loop, "mesh-tls-files").start());
  }

  /**
   * The same.
   *
   * @param starter runs a loop that waits; a test may never run it and {@link #look} instead
   */
  public static Originations on(Consumer<Runnable> starter) {
    return new Originations(starter);
  }

  /** Who hears, a line each, of files that cannot be used; must return at once. */
  public void log(Consumer<String> lines) {
    log = lines;
  }

  /** That of a policy whose {@code tls} is of it; reads its files when it is new. Blocks. */
  public synchronized Origination of(TrafficPolicy policy) {
    TlsOrigination settings = policy.origination;
    List<String> names =
        settings.insecureSkipVerify ? Collections.<String>emptyList() : policy.subjectAltNames;
    List<Object> key = new ArrayList<>(names);
    key.add(settings);
    key.add(policy.tls);
    Origination found = known.get(key);
    if (found == null) {
      found =
          new Origination(
              policy.tls, settings, names, numbers::incrementAndGet, line -> log.accept(line));
      found.look();
      known.put(key, found);
      if (!running) {
        running = true;
        starter.accept(this::run);
      }
    }
    return found;
  }

  /** Forgets all but these. */
  public synchronized void retain(Set<Origination> used) {
    known.values().retainAll(used);
  }

  /** Looks at all files now. Blocks. */
  public void look() {
    List<Origination> all;
    synchronized (this) {
      all = new ArrayList<>(known.values());
    }
    for (Origination each : all) {
      each.look();
    }
  }

  private void run() {
    while (more()) {
      LockSupport.parkNanos(PERIOD_NANOS);
      Thread.interrupted(); // nobody has a reason to, and the wait would be none from then on
      look();
    }
  }

  private synchronized boolean more() {
    running = !known.isEmpty();
    return running;
  }
}
