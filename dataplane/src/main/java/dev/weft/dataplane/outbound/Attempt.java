package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.policy.snapshot.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * One try of a call at one endpoint: where to connect, how secured, and how long to wait. What the
 * adapter reads is fixed before {@code send}; an attempt belongs to one exchange.
 */
public final class Attempt {
  /**
   * How long a response that nobody reads may take to end, for its connection's sake. Making
   * another one costs a few milliseconds; OkHttp takes this long, Envoy no time.
   */
  static final long DISCARD_NANOS = 100_000_000;

  private static final ThreadLocal<@Nullable Attempt> CURRENT = new ThreadLocal<>();

  private final CompiledEndpoint endpoint;
  private final int number;
  private final String host;
  private final MeshTimer timer;
  private String poolKey;
  private boolean limitsRequests;
  private boolean lastOnConnection;
  private @Nullable ClientTls tls;
  private long startNanos;
  private long timeoutNanos;
  private long connectTimeoutMillis;
  private volatile boolean expired;
  private MeshTimer.@Nullable Scheduled expiry;
  private @Nullable Runnable abort;
  private @Nullable Runnable whenSending;

  Attempt(CompiledEndpoint endpoint, String host, int number, MeshTimer timer) {
    this.endpoint = endpoint;
    this.host = host;
    this.number = number;
    this.timer = timer;
    this.poolKey = endpoint.plainPoolKey();
  }

  /**
   * The attempt that is being sent on this thread, for hooks further down (pool key, connection,
   * TLS); null outside of {@code send}. Libraries that hand over to other threads have to carry it
   * themselves.
   */
  public static @Nullable Attempt current() {
    return CURRENT.get();
  }

  /** Makes this the current attempt of the thread; returns the former one for {@link #restore}. */
  public @Nullable Attempt makeCurrent() {
    Attempt before = CURRENT.get();
    CURRENT.set(this);
    return before;
  }

  /** Puts back what {@link #makeCurrent} returned. */
  public static void restore(@Nullable Attempt before) {
    if (before == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(before);
    }
  }

  /** The endpoint as the control server described it. */
  public Endpoint endpoint() {
    return endpoint.document();
  }

  /** Canonical host of the service called. */
  public String host() {
    return host;
  }

  /** IP address (or name, for a ServiceEntry with DNS) to connect to. */
  public String address() {
    return endpoint.document().address;
  }

  /** Port to connect to. */
  public int port() {
    return endpoint.document().port;
  }

  /** 1 for the first try, 2 for the first retry. */
  public int number() {
    return number;
  }

  /** Whether the connection must carry TLS, of the mesh or with a server outside. */
  public boolean secure() {
    return tls != null;
  }

  /** What that TLS has to hold, or null for plaintext. */
  public @Nullable ClientTls tls() {
    return tls;
  }

  /**
   * Key under which connections may be shared: service, endpoint, TLS or not, trust generation or
   * credentials and server name. The same string object for every attempt alike, made of letters
   * that a host name may have.
   */
  public String poolKey() {
    return poolKey;
  }

  /**
   * Whether its connection takes a limited number of requests. The end of a connection is asked for
   * in HTTP/1.1, so clients that can choose must not speak HTTP/2.
   */
  public boolean limitsRequests() {
    return limitsRequests;
  }

  /** Whether its connection must take no further request. */
  public boolean lastOnConnection() {
    return lastOnConnection;
  }

  /** Milliseconds this attempt may take in all, at least 1; 0 when it may take for ever. */
  public long timeoutMillis() {
    return timeoutNanos == 0 ? 0 : Math.max(1, timeoutNanos / 1_000_000);
  }

  /**
   * Milliseconds for connecting, never above {@link #timeoutMillis}; 0 when policy says nothing.
   */
  public long connectTimeoutMillis() {
    return connectTimeoutMillis;
  }

  /** Whether the time of this attempt is over. */
  public boolean expired() {
    return expired;
  }

  /**
   * Asks to be called from the timer thread when the time of this attempt is over, to abort what
   * the library's own timeouts do not (a response that drips); called off when the attempt ends.
   * And, with or without a timeout, when a response that is discarded does not end: so it must end
   * reading it, too.
   */
  public void onTimeout(Runnable abort) {
    this.abort = abort;
    if (timeoutNanos > 0 && expiry == null) {
      expiry =
          timer.schedule(
              () -> {
                expired = true;
                abort.run();
              },
              timeoutNanos);
    }
  }

  /** Aborts what is discarded from now on when that takes long. */
  Limit limitDiscard() {
    Limit limit = new Limit(abort);
    if (abort != null) {
      limit.scheduled = timer.schedule(limit, DISCARD_NANOS);
    }
    return limit;
  }

  /** Bounds a discard. When {@link #over} returns it aborts nothing any more. */
  static final class Limit implements Runnable {
    private @Nullable Runnable abort;
    private MeshTimer.@Nullable Scheduled scheduled;

    private Limit(@Nullable Runnable abort) {
      this.abort = abort;
    }

    @Override
    public synchronized void run() {
      Runnable due = abort;
      if (due != null) {
        due.run();
      }
    }

    void over() {
      MeshTimer.Scheduled pending = scheduled;
      if (pending != null) {
        pending.cancel();
      }
      synchronized (this) {
        abort = null;
      }
    }
  }

  /**
   * Asks to be called once from inside the library's sending, on the sending thread. Only clients
   * that another agent instruments below our adapter say when that is.
   */
  public void whenSending(Runnable look) {
    this.whenSending = look;
  }

  /** For hooks inside the library's sending. */
  public void sending() {
    Runnable look = whenSending;
    if (look != null) {
      whenSending = null;
      look.run();
    }
  }

  CompiledEndpoint compiled() {
    return endpoint;
  }

  void secure(ClientTls required, String securePoolKey) {
    this.tls = required;
    this.poolKey = securePoolKey;
  }

  /**
   * Connections are to take this many requests each. They are kept apart from those that were made
   * without a limit, as these may speak another version.
   *
   * @param most at least 1
   */
  void limitRequests(int most) {
    this.limitsRequests = true;
    this.lastOnConnection = most == 1 || endpoint.state().isNth(most);
    this.poolKey = endpoint.limited(poolKey);
  }

  /** Connections are taken for so long at most. */
  void limitConnection(long longestNanos, long nowNanos) {
    this.poolKey = endpoint.aged(poolKey, longestNanos, nowNanos);
  }

  /** Timeout 0 means none. */
  void limit(long nowNanos, long allowedNanos, long connectMillis) {
    this.startNanos = nowNanos;
    this.timeoutNanos = allowedNanos;
    long whole = timeoutMillis();
    this.connectTimeoutMillis =
        whole == 0 ? connectMillis : connectMillis == 0 ? whole : Math.min(whole, connectMillis);
  }

  long startNanos() {
    return startNanos;
  }

  long timeoutNanos() {
    return timeoutNanos;
  }

  void markExpired() {
    expired = true;
  }

  void finished() {
    MeshTimer.Scheduled scheduled = expiry;
    if (scheduled != null) {
      scheduled.cancel();
    }
  }

  @Override
  public String toString() {
    return host + " #" + number + " at " + address() + ":" + port() + (secure() ? " TLS" : "");
  }
}
