package dev.weft.instrumentation.httpurlconnection;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.ConnectionCall;
import dev.weft.dataplane.outbound.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Connects an attempt to its instance, past proxies and DNS, and layers mTLS where it must be.
 *
 * <p>A connection to a host of the mesh that is no attempt's comes from a URL outside of it that
 * redirected into it, or from a connection object older than the agent. Its requests are not ours
 * to drive any more, so the driver chooses and secures the connection alone.
 */
public final class ConnectHook extends MeshHook {
  private static final String CLIENT = "sun.net.www.http.HttpClient";

  /** For the hook loader. */
  public ConnectHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object client,
      @Nullable Object where,
      @Nullable Object connectTimeout,
      @Nullable Object readTimeout)
      throws Throwable {
    // HttpsClient, FTP and mail clients inherit the method; they are the application's own.
    if (client == null || where == null || !client.getClass().getName().equals(CLIENT)) {
      return Permit.GRANTED;
    }
    Object[] arguments = (Object[]) where;
    String server = (String) requireNonNull(arguments[0]);
    int at = (Integer) requireNonNull(arguments[1]);
    int[] timeouts = {
      (Integer) requireNonNull(connectTimeout), (Integer) requireNonNull(readTimeout)
    };
    Attempt attempt = Sending.attemptAt(server, at);
    if (attempt != null) {
      return connected(client, attempt, timeouts);
    }
    String authority = at == 80 ? server : server + ":" + at;
    BlockingDriver driver = context().dataPlane().blocking();
    Target target = driver.resolve("http", authority);
    if (target == null) {
      return Permit.GRANTED;
    }
    ConnectionCall call = new ConnectionCall(a -> connect(client, a, timeouts));
    try {
      return Outcome.returned(driver.execute(target, HopRequest.bare(authority), call));
    } catch (IOException e) {
      return Outcome.failed(e);
    }
  }

  private Outcome connected(Object client, Attempt attempt, int[] timeouts) {
    try {
      return Outcome.returned(connect(client, attempt, timeouts));
    } catch (IOException e) {
      return Outcome.failed(e);
    }
  }

  private Socket connect(Object client, Attempt attempt, int[] timeouts) throws IOException {
    Socket socket = new Socket(Proxy.NO_PROXY);
    boolean done = false;
    try {
      InetSocketAddress instance = new InetSocketAddress(attempt.address(), attempt.port());
      socket.connect(instance, shorter(timeouts[0], attempt.connectTimeoutMillis()));
      if (timeouts[1] > 0) {
        socket.setSoTimeout(timeouts[1]);
      }
      ClientTls tls = attempt.tls();
      if (tls == null) {
        context().dataPlane().transport().plaintext(ConnectionObserver.Side.OUTBOUND);
      }
      Socket ready =
          tls == null
              ? socket
              : context()
                  .dataPlane()
                  .transport()
                  .layer(socket, attempt.address(), attempt.port(), tls);
      KeepAliveHook.keep(client, attempt, ready);
      done = true;
      return ready;
    } finally {
      if (!done) {
        socket.close();
      }
    }
  }

  /** The shorter of two times in milliseconds, where 0 and below are for ever. */
  static int shorter(int asked, long allowed) {
    int own = Math.max(asked, 0);
    if (allowed <= 0 || allowed > Integer.MAX_VALUE) {
      return own;
    }
    return own == 0 ? (int) allowed : (int) Math.min(own, allowed);
  }
}
