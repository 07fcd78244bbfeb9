package dev.weft.dataplane.outbound;

import dev.weft.dataplane.Detached;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.CompiledMirror;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.EndpointPool;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends copies of requests to the mirrors of their route, on threads of its own and over
 * connections of its own, and reads no more of an answer than its beginning. A caller waits for
 * none of it: what finds no place in the queue is dropped. Thread-safe.
 */
final class Mirrors {
  /** Copies that wait at most; with those of a body each, 6.4 MB. */
  static final int QUEUE = 100;

  /** Threads at most; they end when there is nothing to send. */
  private static final int THREADS = 2;

  /** Milliseconds that one copy may take in all, as Envoy's own default for a request. */
  private static final int TIMEOUT = 15_000;

  private final ConnectionDriver connections;
  private final RandomSource random;
  private final MeshTimer timer;
  private final Executor sending;
  private final MirrorObserver observer;

  Mirrors(
      BlockingDriver driver,
      TransportSecurity transport,
      RandomSource random,
      MeshTimer timer,
      Executor sending,
      MirrorObserver observer) {
    this.connections = new ConnectionDriver(driver, transport);
    this.random = random;
    this.timer = timer;
    this.sending = sending;
    this.observer = observer;
  }

  /** Daemon threads {@code mesh-mirror} and a bounded queue. */
  static Executor daemons() {
    return Detached.pool(THREADS, QUEUE, "mesh-mirror");
  }

  /** Copies the request of a call that is over, for each mirror that is to have it. */
  void copy(OutboundExchange exchange, CompiledRoute route) {
    RequestCopy copy = null;
    for (CompiledMirror mirror : route.mirrors()) {
      if (!chosen(mirror.percent())) {
        continue;
      }
      if (copy == null) {
        copy = of(exchange);
      }
      if (copy == null || !copy.sendable()) {
        observer.mirrored(mirror.name(), MirrorObserver.Outcome.DROPPED);
      } else {
        offer(mirror, copy);
      }
    }
  }

  private boolean chosen(double percent) {
    return percent >= 100 || random.nextDouble() * 100 < percent;
  }

  private static @Nullable RequestCopy of(OutboundExchange exchange) {
    OutboundRequest request = exchange.request();
    String path = exchange.sentPath;
    String authority = exchange.sentAuthority;
    RequestCopy copy =
        new RequestCopy(
            request.method(),
            path == null ? request.path() : path,
            authority == null ? request.authority() : authority);
    byte[] body = request.copyTo(copy);
    if (body == null) {
      return null;
    }
    copy.body(body);
    return copy;
  }

  private void offer(CompiledMirror mirror, RequestCopy copy) {
    CompiledService service = mirror.service();
    EndpointPool pool = mirror.pool();
    if (service == null || pool == null) {
      observer.mirrored(mirror.name(), MirrorObserver.Outcome.FAILED);
      return;
    }
    try {
      sending.execute(() -> send(mirror.name(), service, pool, copy));
    } catch (RejectedExecutionException full) {
      observer.mirrored(mirror.name(), MirrorObserver.Outcome.DROPPED);
    }
  }

  private void send(String name, CompiledService service, EndpointPool pool, RequestCopy copy) {
    MirrorObserver.Outcome outcome = MirrorObserver.Outcome.FAILED;
    HeldSocket held = new HeldSocket();
    MeshTimer.Scheduled end = timer.schedule(held::close, TimeUnit.MILLISECONDS.toNanos(TIMEOUT));
    try (Socket socket =
        connections.connect(
            Target.of(service), new ConnectionRequest(service.host(), pool), TIMEOUT, held)) {
      socket.setSoTimeout(TIMEOUT);
      socket.getOutputStream().write(copy.message());
      socket.getOutputStream().flush();
      InputStream answer = socket.getInputStream();
      if (answer.read() >= 0) {
        outcome = MirrorObserver.Outcome.SENT;
      }
    } catch (IOException | RuntimeException e) {
      // Nobody waits for it; the count tells.
    } finally {
      end.cancel();
      observer.mirrored(name, outcome);
    }
  }
}
