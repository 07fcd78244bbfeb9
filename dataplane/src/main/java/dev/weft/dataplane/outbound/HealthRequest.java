package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.HealthCheck;
import java.io.IOException;
import java.net.Socket;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * One request of a health check over a connection of its own, secured as a call there would be: the
 * endpoint's policy has to let this caller in. Thread-safe.
 */
final class HealthRequest implements HealthChecks.Asking {
  /** Milliseconds for the connection, and then for each part of the answer. */
  private static final int LONGEST = 1_000;

  private final TransportSecurity transport;
  private final SecureFilter secure;
  private final MeshTimer timer;

  HealthRequest(TransportSecurity transport, ClientSecurity security, MeshTimer timer) {
    this.transport = transport;
    this.secure = new SecureFilter(security);
    this.timer = timer;
  }

  @Override
  public boolean well(CompiledService service, EndpointPool pool, CompiledEndpoint endpoint) {
    HealthCheck policy = pool.policy().healthCheck;
    if (policy == null) {
      return true;
    }
    OutboundExchange exchange =
        new OutboundExchange(service, new ConnectionRequest(service.host(), pool), 0);
    Attempt attempt = new Attempt(endpoint, service.host(), 1, timer);
    exchange.attempt = attempt;
    exchange.pool = pool;
    if (secure.apply(exchange).reply() != null) {
      return false;
    }
    Holder holder = new Holder();
    MeshTimer.Scheduled limit = timer.schedule(holder::close, 2L * LONGEST * 1_000_000);
    try {
      InstanceSocket.connect(transport, attempt, LONGEST, holder);
      return good(holder.socket(), service.host(), policy.path);
    } catch (IOException | RuntimeException e) {
      return false;
    } finally {
      limit.cancel();
      holder.close();
    }
  }

  private static boolean good(Socket socket, String host, String path) throws IOException {
    socket.getOutputStream().write(StatusLine.get(path, host, Collections.emptyMap()));
    socket.getOutputStream().flush();
    int status = StatusLine.read(socket, () -> LONGEST);
    return status >= 200 && status < 300;
  }

  /** The socket, to be closed from the timer when it takes too long. */
  private static final class Holder implements InstanceSocket.Owner {
    private volatile @Nullable Socket socket;
    private volatile boolean closed;

    @Override
    public void hold(Socket made) throws IOException {
      take(made);
    }

    @Override
    public void configure(Socket made) {}

    @Override
    public void ready(Socket made) throws IOException {
      take(made);
    }

    private void take(Socket made) throws IOException {
      socket = made;
      if (closed) {
        made.close();
      }
    }

    Socket socket() throws IOException {
      Socket ready = socket;
      if (ready == null) {
        throw new IOException("not connected");
      }
      return ready;
    }

    void close() {
      closed = true;
      Socket made = socket;
      try {
        if (made != null) {
          made.close();
        }
      } catch (IOException e) {
        // It was to be thrown away.
      }
    }
  }
}
