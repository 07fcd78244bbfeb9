package dev.weft.dataplane.outbound;

import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.policy.snapshot.Service;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Connections of the agent's own that wait for the next question: for a few seconds, so that most
 * servers have not closed them yet, and only while the service, its policy and our identity are
 * what they were. Thread-safe.
 */
final class KeptConnections {
  /** Of all services together. */
  private static final int MOST = 64;

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final ClientSecurity security;
  private final MeshTimer timer;
  private final LongSupplier nanos;

  /** The one that was used last comes first. */
  private final Deque<Waiting> waiting = new ArrayDeque<>();

  private boolean sweeping;

  KeptConnections(ClientSecurity security, MeshTimer timer, LongSupplier nanos) {
    this.security = security;
    this.timer = timer;
    this.nanos = nanos;
  }

  private static final class Waiting {
    private final KeptConnection connection;
    private final Service service;
    private final int port;
    private final long generation;
    private final long since;

    Waiting(KeptConnection connection, Service service, int port, long generation, long since) {
      this.connection = connection;
      this.service = service;
      this.port = port;
      this.generation = generation;
      this.since = since;
    }
  }

  /** A connection to the service as it is now; null when none waits. */
  @Nullable KeptConnection take(CompiledService service, int port) {
    Service now = service.document();
    long generation = security.generation();
    KeptConnection found = null;
    List<KeptConnection> over = new ArrayList<>();
    synchronized (this) {
      Iterator<Waiting> each = waiting.iterator();
      while (found == null && each.hasNext()) {
        Waiting next = each.next();
        if (next.port != port || !next.service.host.equals(now.host)) {
          continue;
        }
        each.remove();
        // Its endpoints and what they must be are part of the service.
        boolean same = next.service.equals(now);
        if (same && next.generation == generation && !isOver(next)) {
          found = next.connection;
        } else {
          over.add(next.connection);
        }
      }
    }
    over.forEach(KeptConnection::close);
    return found;
  }

  /** Keeps a connection whose last exchange is complete. */
  void keep(CompiledService service, int port, KeptConnection connection) {
    Waiting added =
        new Waiting(connection, service.document(), port, security.generation(), nanos.getAsLong());
    Waiting dropped = null;
    synchronized (this) {
      waiting.addFirst(added);
      if (waiting.size() > MOST) {
        dropped = waiting.removeLast();
      }
      if (!sweeping) {
        sweeping = true;
        timer.schedule(this::sweep, IDLE_NANOS);
      }
    }
    if (dropped != null) {
      dropped.connection.close();
    }
  }

  private void sweep() {
    List<KeptConnection> over = new ArrayList<>();
    synchronized (this) {
      while (!waiting.isEmpty() && isOver(waiting.getLast())) {
        over.add(waiting.removeLast().connection);
      }
      sweeping = !waiting.isEmpty();
      if (sweeping) {
        timer.schedule(this::sweep, IDLE_NANOS);
      }
    }
    over.forEach(KeptConnection::close);
  }

  private boolean isOver(Waiting each) {
    return nanos.getAsLong() - each.since >= IDLE_NANOS;
  }
}
