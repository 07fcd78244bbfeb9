package dev.weft.dataplane.database;

import dev.weft.dataplane.resilience.Capacity;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an open connection holds of the mesh: its place, and its count at a host. Given back when it
 * is closed, or when the application lost it without closing. Thread-safe.
 */
final class OpenConnection extends PhantomReference<DatabaseSession> {
  private final Set<OpenConnection> open;
  private final @Nullable Capacity place;
  private final @Nullable HostState host;

  OpenConnection(
      DatabaseSession session,
      ReferenceQueue<DatabaseSession> lost,
      Set<OpenConnection> open,
      @Nullable Capacity place,
      @Nullable HostState host) {
    super(session, lost);
    this.open = open;
    this.place = place;
    this.host = host;
  }

  @Nullable HostState host() {
    return host;
  }

  /** Gives back; the second and further calls do nothing. */
  void close() {
    if (!open.remove(this)) {
      return;
    }
    if (place != null) {
      place.release();
    }
    if (host != null) {
      host.state().end();
    }
  }
}
