package dev.weft.dataplane;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The ports on which this process answers HTTP, as the hooks of its containers learn them. The
 * first one opened is the service's, unless a setting names another. Thread-safe.
 */
public final class LocalPorts {

  private final Map<Integer, Boolean> secured = new LinkedHashMap<>();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** No ports yet. */
  public LocalPorts() {}

  /**
   * A container listens, or a listener changed.
   *
   * @param port 1 to 65535; anything else is ignored, as a connector reports it before it is bound
   * @param acceptsMesh whether the agent accepts mesh mTLS on it: false where the application
   *     itself speaks TLS
   */
  public void opened(int port, boolean acceptsMesh) {
    if (port < 1 || port > 65_535) {
      return;
    }
    boolean changed;
    synchronized (secured) {
      Boolean before = secured.put(port, acceptsMesh);
      changed = before == null || before != acceptsMesh;
    }
    if (changed) {
      listeners.forEach(Runnable::run);
    }
  }

  /** A container stopped listening. */
  public void closed(int port) {
    boolean changed;
    synchronized (secured) {
      changed = secured.remove(port) != null;
    }
    if (changed) {
      listeners.forEach(Runnable::run);
    }
  }

  /** The first port that was opened and still is; 0 when there is none. */
  public int first() {
    synchronized (secured) {
      return secured.isEmpty() ? 0 : secured.keySet().iterator().next();
    }
  }

  /** Whether mesh mTLS is accepted on {@code port}. */
  public boolean acceptsMesh(int port) {
    synchronized (secured) {
      return secured.getOrDefault(port, false);
    }
  }

  /**
   * Calls {@code listener} after each change, on the thread that made it; it must return at once.
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }
}
