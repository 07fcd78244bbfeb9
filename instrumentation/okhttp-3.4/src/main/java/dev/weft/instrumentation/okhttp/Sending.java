package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.AttemptSocket;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.SocketFactory;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * An attempt on its way through the library: prepared, looking for a connection, connected,
 * answered. Hooks find it on the thread; a call that the application makes meanwhile on the same
 * thread has an interceptor chain of its own, by which it is told apart. Sockets are opened and
 * {@link #abort} is called by any thread, the rest by the one that sends.
 */
final class Sending {
  private static final String REFUSED =
      " refused by the service mesh: this OkHttp does not connect as those that the mesh knows";
  private static final ThreadLocal<@Nullable Sending> CURRENT = new ThreadLocal<>();

  private final Interceptor.Chain chain;
  private final List<?> interceptors;
  private final int index;
  private final Request request;
  private final Attempt attempt;
  private final TransportSecurity transport;
  private @Nullable Instance instance;
  private boolean begun;
  private boolean connected;
  private boolean pooled;
  private @Nullable Response answer;
  private volatile boolean fresh;
  private volatile @Nullable Socket socket;

  Sending(
      Interceptor.Chain chain,
      List<?> interceptors,
      int index,
      Request request,
      Attempt attempt,
      TransportSecurity transport) {
    this.chain = chain;
    this.interceptors = interceptors;
    this.index = index;
    this.request = request;
    this.attempt = attempt;
    this.transport = transport;
  }

  static @Nullable Sending current() {
    return CURRENT.get();
  }

  /** Makes this the current one; returns the former for {@link #leave}. */
  @Nullable Sending enter() {
    Sending before = CURRENT.get();
    CURRENT.set(this);
    return before;
  }

  void leave(@Nullable Sending before) {
    Instance mine = instance;
    if (mine != null) {
      mine.forget();
    }
    if (before == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(before);
    }
  }

  Attempt attempt() {
    return attempt;
  }

  /** What is sent, in place of what the library would. */
  Request request() {
    return request;
  }

  /** Whether the library came back to the step where the hop began. */
  boolean isAt(Object at) {
    return at == chain;
  }

  /** Whether a step is the first one with a connection. */
  boolean connects(Object of, int at) {
    return of == interceptors && at == index + 1 && !connected;
  }

  /** Whether the library makes the address now. */
  boolean preparing() {
    return !begun;
  }

  boolean begun() {
    return begun;
  }

  Instance addressed(SocketFactory sockets) {
    Instance made = new Instance(this, sockets);
    instance = made;
    return made;
  }

  /**
   * The library is going to look for a connection.
   *
   * @throws IOException when it was not prepared for the instance
   */
  void begin() throws IOException {
    begun = true;
    if (instance == null) {
      throw new IOException("call to " + attempt.host() + REFUSED);
    }
  }

  /**
   * The library has a connection.
   *
   * @throws IOException when it is not one to the instance
   */
  void connect(@Nullable Connection to) throws IOException {
    connected = true;
    if (to == null || instance == null || !instance.equals(to.route().address().dns())) {
      throw new IOException("call to " + attempt.host() + REFUSED);
    }
    pooled = !fresh;
    socket = to.socket();
    if (attempt.expired()) {
      abort();
    }
  }

  boolean connected() {
    return connected;
  }

  void answered(Response response) {
    answer = response;
  }

  @Nullable Response answer() {
    return answer;
  }

  /** A socket that goes to the instance. */
  Socket open(Socket plain) {
    fresh = true;
    Socket made = AttemptSocket.of(transport, attempt, plain, Alpn.WEFT_HTTP_1);
    socket = made;
    if (attempt.expired()) {
      abort();
    }
    return made;
  }

  /** Whether it went out on a connection to the instance that others had used before. */
  boolean pooled() {
    return pooled;
  }

  /** Ends the attempt, not the call. */
  void abort() {
    Socket open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is of no use any more.
      }
    }
  }
}
