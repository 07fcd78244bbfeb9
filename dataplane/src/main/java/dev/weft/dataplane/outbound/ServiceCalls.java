package dev.weft.dataplane.outbound;

import dev.weft.dataplane.http.AgentRequest;
import dev.weft.dataplane.http.AgentResponse;
import dev.weft.dataplane.http.HttpBody;
import dev.weft.dataplane.http.HttpHead;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks services of the mesh questions of the agent's own, on the caller's thread: over connections
 * that are balanced and secured as those of calls are, and kept for the next question. Routes do
 * not count, and nothing is repeated but what a kept connection turned out to be closed for.
 * Thread-safe.
 */
public final class ServiceCalls {
  private static final int MOST_HEAD_BYTES = 64 * 1024;
  private static final int MOST_BODY_BYTES = 256 * 1024;

  private final SnapshotHolder snapshots;
  private final ConnectionDriver connections;
  private final KeptConnections kept;
  private final MeshTimer timer;
  private final LongSupplier nanos;

  ServiceCalls(
      SnapshotHolder snapshots,
      ConnectionDriver connections,
      ClientSecurity security,
      MeshTimer timer,
      LongSupplier nanos) {
    this.snapshots = snapshots;
    this.connections = connections;
    this.kept = new KeptConnections(security, timer, nanos);
    this.timer = timer;
    this.nanos = nanos;
  }

  /**
   * One request and its whole answer.
   *
   * @param host canonical host of the service
   * @param timeoutNanos for everything, from the connection to the end of the answer
   * @throws SocketTimeoutException when the time was over before the answer was complete
   * @throws IOException when there is no such service, or it cannot be reached, is not who it must
   *     be, or answers with something else than HTTP or too much of it
   */
  public AgentResponse send(String host, int port, AgentRequest request, long timeoutNanos)
      throws IOException {
    if (!request.sendable()) {
      throw new IOException("the request cannot be sent as it is");
    }
    CompiledService service = snapshots.current().service(host);
    if (service == null) {
      throw new UnknownHostException(host);
    }
    long deadline = nanos.getAsLong() + timeoutNanos;
    KeptConnection old = kept.take(service, port);
    if (old != null) {
      AgentResponse answer = exchange(old, service, port, request, deadline, true);
      if (answer != null) {
        return answer;
      }
    }
    AgentResponse answer =
        exchange(connect(service, port, deadline), service, port, request, deadline, false);
    if (answer == null) {
      throw new IOException("no answer from " + host);
    }
    return answer;
  }

  private KeptConnection connect(CompiledService service, int port, long deadline)
      throws IOException {
    ConnectionRequest request = new ConnectionRequest(service.host());
    EndpointPool pool = service.pool(null, port, request);
    HeldSocket held = new HeldSocket();
    MeshTimer.Scheduled end = limit(held, deadline);
    try {
      return new KeptConnection(
          connections.connect(
              Target.of(service),
              new ConnectionRequest(service.host(), pool),
              millisUntil(deadline),
              held),
          held);
    } catch (IOException e) {
      held.close();
      throw timely(e, deadline);
    } finally {
      end.cancel();
    }
  }

  /**
   * @return null when a connection was closed at the other end before we used it again
   */
  private @Nullable AgentResponse exchange(
      KeptConnection connection,
      CompiledService service,
      int port,
      AgentRequest request,
      long deadline,
      boolean used)
      throws IOException {
    boolean begun = false;
    boolean whole = false;
    MeshTimer.Scheduled end = limit(connection.held(), deadline);
    try {
      connection.limit(millisUntil(deadline));
      connection.write(request.message(false));
      InputStream in = connection.input();
      in.mark(1);
      if (in.read() < 0) {
        throw new IOException(service.host() + " closed the connection without an answer");
      }
      in.reset();
      begun = true;
      HttpHead head = HttpHead.read(in, MOST_HEAD_BYTES);
      while (head.status() < 200) {
        head = HttpHead.read(in, MOST_HEAD_BYTES);
      }
      AgentResponse answer = new AgentResponse(head, body(request, head, in));
      whole = head.keepsAlive() || (request.method().equals("HEAD") && !saysClose(head));
      return answer;
    } catch (IOException e) {
      if (used && !begun && deadline - nanos.getAsLong() > 0) {
        return null;
      }
      throw timely(e, deadline);
    } finally {
      end.cancel();
      if (whole && !connection.held().isClosed()) {
        kept.keep(service, port, connection);
      } else {
        connection.close();
      }
    }
  }

  private static boolean saysClose(HttpHead head) {
    return "close".equalsIgnoreCase(head.header("connection"));
  }

  private static byte[] body(AgentRequest request, HttpHead head, InputStream in)
      throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (!request.method().equals("HEAD") && head.status() != 204 && head.status() != 304) {
      InputStream content = HttpBody.of(head, in);
      byte[] chunk = new byte[4096];
      for (int n = content.read(chunk); n >= 0; n = content.read(chunk)) {
        body.write(chunk, 0, n);
        if (body.size() > MOST_BODY_BYTES) {
          throw new IOException("the answer is larger than " + MOST_BODY_BYTES + " bytes");
        }
      }
    }
    return body.toByteArray();
  }

  private MeshTimer.Scheduled limit(HeldSocket held, long deadline) throws IOException {
    long left = deadline - nanos.getAsLong();
    if (left <= 0) {
      throw new SocketTimeoutException("the time was over before the question was asked");
    }
    return timer.schedule(held::close, left);
  }

  private int millisUntil(long deadline) {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - nanos.getAsLong());
    return (int) Math.max(1, Math.min(left, Integer.MAX_VALUE));
  }

  /** A socket that was closed at the end of the time fails with anything. */
  private IOException timely(IOException e, long deadline) {
    if (e instanceof SocketTimeoutException || deadline - nanos.getAsLong() > 0) {
      return e;
    }
    SocketTimeoutException late = new SocketTimeoutException("no answer in time");
    late.initCause(e);
    return late;
  }
}
