package dev.weft.dataplane;

import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/**
 * Reports each listener of one container once, however often it is seen: a container that listened
 * before the agent came is found by what its listeners do all the time. Belongs to a hook, and
 * holds no listener alive. Thread-safe.
 *
 * @param <L> the container's type of listener, compared as it compares itself
 */
public final class ListenerPorts<L> {
  private final LocalPorts ports;
  private final Set<L> reported =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<L, Boolean>()));
  private volatile WeakReference<L> last = new WeakReference<>(null);

  /** Listeners that are reported to {@code ports}. */
  public ListenerPorts(LocalPorts ports) {
    this.ports = ports;
  }

  /** Whether {@code listener} is the one seen last; cheap, for what happens all the time. */
  public boolean isLast(L listener) {
    return last.get() == listener;
  }

  /**
   * A listener is open.
   *
   * @param port its port, 1 to 65535
   * @param acceptsMesh false where the application itself speaks TLS
   */
  public void opened(L listener, int port, boolean acceptsMesh) {
    if (reported.add(listener)) {
      ports.opened(port, acceptsMesh);
    }
    last = new WeakReference<>(listener);
  }

  /** A listener of another protocol than HTTP is open; it is not reported. */
  public void ignore(L listener) {
    last = new WeakReference<>(listener);
  }

  /** A listener closes. */
  public void closed(L listener, int port) {
    if (reported.remove(listener)) {
      last = new WeakReference<>(null);
      ports.closed(port);
    }
  }
}
