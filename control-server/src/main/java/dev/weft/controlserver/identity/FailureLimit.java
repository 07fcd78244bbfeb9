package dev.weft.controlserver.identity;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Counts failed joins per address. Only failures are counted and only failing requests are turned
 * away sooner: a valid token always gets through, so nobody can lock others out. It bounds logging
 * and tells a guessing caller to stop. Thread-safe.
 */
public final class FailureLimit {
  private static final int MAX_ADDRESSES = 10_000;

  private final int failures;
  private final long windowNanos;
  private final LongSupplier nanoTime;
  private final Map<String, Window> windows = new LinkedHashMap<>();

  public FailureLimit(int failuresPerMinute, LongSupplier nanoTime) {
    this.failures = failuresPerMinute;
    this.windowNanos = TimeUnit.MINUTES.toNanos(1);
    this.nanoTime = nanoTime;
  }

  private static final class Window {
    final long start;
    int count;

    Window(long start) {
      this.start = start;
    }
  }

  /** Counts a failure of {@code address}; false when it has had its share for this minute. */
  public synchronized boolean record(String address) {
    long now = nanoTime.getAsLong();
    Window window = windows.get(address);
    if (window == null || now - window.start >= windowNanos) {
      windows.remove(address);
      if (windows.size() >= MAX_ADDRESSES) {
        Iterator<String> oldest = windows.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
      window = new Window(now);
      windows.put(address, window);
    }
    window.count++;
    return window.count <= failures;
  }
}
