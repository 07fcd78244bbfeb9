package dev.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Renames the threads that the SDK starts: it offers no thread factory, and whoever reads a thread
 * dump should see which threads are the agent's.
 */
final class ForeignThreads {

  private final Set<Thread> before;

  private ForeignThreads(Set<Thread> before) {
    this.before = before;
  }

  static ForeignThreads before() {
    return new ForeignThreads(threads());
  }

  /** Gives the SDK's threads that came since {@link #before()} names of ours. */
  void rename() {
    for (Thread thread : threads()) {
      boolean ours =
          thread.getName().startsWith("BatchSpanProcessor")
              || thread.getName().startsWith("PeriodicMetricReader");
      if (ours && !before.contains(thread)) {
        thread.setName("mesh-telemetry-" + thread.getName());
      }
    }
  }

  private static Set<Thread> threads() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    Set<Thread> found = Collections.newSetFromMap(new IdentityHashMap<>());
    if (group != null) {
      Thread[] all = new Thread[group.activeCount() * 2 + 8];
      int count = group.enumerate(all);
      found.addAll(Arrays.asList(all).subList(0, count));
    }
    return found;
  }
}
