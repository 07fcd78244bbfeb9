package dev.weft.dataplane.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.internal.CircuitBreakerStateMachine;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the agent knows about one endpoint of one service, kept across snapshots: calls in flight,
 * failures in a row, ejection. Thread-safe without locks on the way of a healthy call.
 *
 * <p>The circuit breaker's own sliding window is synchronized and allocates for every call, so the
 * closed state is counted here, and Resilience4j's state machine takes over with the first
 * ejection: open while ejected, half open while one call probes.
 */
public final class EndpointState {
  /** A call like any other. */
  public static final int NO_PROBE = 0;

  /** This call decides. */
  public static final int PROBE = 1;

  /** Health checks alike in a row that change what is thought of an endpoint. */
  private static final int CHECKS = 2;

  /** No call now. */
  public static final int REFUSED = 2;

  private final ServiceState service;
  private final String id;
  private final long sinceNanos;
  private final AtomicInteger active = new AtomicInteger();
  private final AtomicInteger in5xx = new AtomicInteger();
  private final AtomicInteger inGateway = new AtomicInteger();
  private final AtomicInteger inLocal = new AtomicInteger();
  private final AtomicInteger counted = new AtomicInteger();
  private volatile boolean failing;
  private int checksInRow;
  private volatile @Nullable LatencyAverage latency;
  private volatile @Nullable Ejection ejection;
  private volatile int timesEjected;
  private volatile long returnedNanos;
  private boolean retired;

  /** Apart, so that the library is loaded by the first ejection and not by the first snapshot. */
  private static final class Breakers {
    private static final CircuitBreakerConfig ONE_PROBE =
        CircuitBreakerConfig.custom()
            .slidingWindowSize(1)
            .minimumNumberOfCalls(1)
            .permittedNumberOfCallsInHalfOpenState(1)
            .failureRateThreshold(100)
            .automaticTransitionFromOpenToHalfOpenEnabled(false)
            .writableStackTraceEnabled(false)
            .build();

    static CircuitBreaker opened(String name) {
      CircuitBreaker breaker = new CircuitBreakerStateMachine(name, ONE_PROBE);
      breaker.transitionToOpenState();
      return breaker;
    }
  }

  /** One stay outside; replaced as a whole when a probe fails. */
  private static final class Ejection {
    final CircuitBreaker breaker;
    final long untilNanos;

    Ejection(CircuitBreaker breaker, long untilNanos) {
      this.breaker = breaker;
      this.untilNanos = untilNanos;
    }
  }

  EndpointState(ServiceState service, String id, long sinceNanos) {
    this.service = service;
    this.id = id;
    this.sinceNanos = sinceNanos;
  }

  /** Counts a request, and returns whether it is one of which there is one in {@code n}. */
  public boolean isNth(int n) {
    return Math.floorMod(counted.incrementAndGet(), n) == 0;
  }

  String id() {
    return id;
  }

  /** When this process first knew it, on the data plane's clock. */
  public long sinceNanos() {
    return sinceNanos;
  }

  /** Calls in flight. */
  public int active() {
    return active.get();
  }

  /** One more call in flight. */
  public void begin() {
    active.incrementAndGet();
  }

  /** One call less. */
  public void end() {
    active.decrementAndGet();
  }

  /** Whether it fails its health checks. */
  public boolean failing() {
    return failing;
  }

  /** Takes the outcome of a health check: two alike in a row count, so that one is no change. */
  public synchronized void checked(boolean passed) {
    if (passed != failing || retired) {
      checksInRow = 0;
      return;
    }
    if (++checksInRow < CHECKS) {
      return;
    }
    checksInRow = 0;
    failing = !passed;
    service.addFailing(passed ? -1 : 1);
  }

  /** Nobody checks any more: what the checks have said does not count either. */
  public synchronized void unchecked() {
    checksInRow = 0;
    if (failing) {
      failing = false;
      service.addFailing(-1);
    }
  }

  /** How long it takes to answer, for the balancer that goes by that. */
  public LatencyAverage latency() {
    LatencyAverage known = latency;
    if (known == null) {
      known = new LatencyAverage();
      latency = known;
    }
    return known;
  }

  /**
   * What a call there costs: how long it takes, times those under way and itself. One of which
   * nothing is known costs nothing, but while its first call is under way as much as any.
   */
  public double cost() {
    LatencyAverage known = latency;
    int calls = active.get();
    double nanos = known == null ? 0 : known.nanos(service.nanoTime());
    return nanos == 0 && calls > 0 ? Double.MAX_VALUE / 2 : nanos * (calls + 1);
  }

  /** Whether the endpoint is out of rotation, a probe included. */
  public boolean ejected() {
    return ejection != null;
  }

  /** When an ejected endpoint is due for a probe; now or earlier for any other. */
  public long dueNanos(long nowNanos) {
    Ejection out = ejection;
    return out == null ? nowNanos : out.untilNanos;
  }

  /** How often it was ejected in a row. */
  public int timesEjected() {
    return timesEjected;
  }

  /** Whether a call may be sent there: in rotation, or due for a probe. */
  public boolean available(long nowNanos) {
    if (failing) {
      return false;
    }
    Ejection out = ejection;
    if (out == null) {
      return true;
    }
    return nowNanos - out.untilNanos >= 0
        && out.breaker.getState() != CircuitBreaker.State.HALF_OPEN;
  }

  /**
   * Takes the permission for a call.
   *
   * @return {@link #NO_PROBE} for a call like any other, {@link #PROBE} when this call decides
   *     whether the endpoint returns, {@link #REFUSED} when it is out
   */
  public int tryAcquire(long nowNanos) {
    Ejection out = ejection;
    if (out == null) {
      return NO_PROBE;
    }
    if (nowNanos - out.untilNanos < 0) {
      return REFUSED;
    }
    if (out.breaker.getState() == CircuitBreaker.State.OPEN) {
      out.breaker.transitionToHalfOpenState();
    }
    return out.breaker.tryAcquirePermission() ? PROBE : REFUSED;
  }

  /** Gives back a probe that was never sent. */
  public void releaseProbe() {
    Ejection out = ejection;
    if (out != null) {
      out.breaker.releasePermission();
    }
  }

  /**
   * Records how a call ended.
   *
   * @param status HTTP status, 0 when there was no response (a local-origin failure)
   * @param probe whether {@link #tryAcquire} said {@link #PROBE}
   */
  public void record(int status, boolean probe, @Nullable OutlierSettings settings, long nowNanos) {
    boolean local = status == 0;
    boolean failed = local || (settings == null ? status >= 500 : settings.isError(status));
    boolean gateway = local || (failed && status >= 502 && status <= 504);
    if (probe) {
      probed(failed, settings, nowNanos);
      return;
    }
    if (settings == null) {
      return;
    }
    boolean trips;
    if (settings.split && local) {
      trips = bump(inLocal, settings.consecutiveLocal);
    } else {
      if (settings.split) {
        clear(inLocal);
      }
      trips = countAnswer(failed, gateway, settings);
    }
    if (trips && ejection == null) {
      eject(settings, nowNanos);
    }
  }

  /** True when the answer makes a row complete; both counters are kept in any case. */
  private boolean countAnswer(boolean failed, boolean gateway, OutlierSettings settings) {
    boolean trips = false;
    if (gateway) {
      trips = bump(inGateway, settings.consecutiveGateway);
    } else {
      clear(inGateway);
    }
    if (failed) {
      trips |= bump(in5xx, settings.consecutive5xx);
    } else {
      clear(in5xx);
    }
    return trips;
  }

  private static boolean bump(AtomicInteger counter, int limit) {
    return counter.incrementAndGet() >= limit && limit > 0;
  }

  private static void clear(AtomicInteger counter) {
    // Reading first keeps the cache line shared among cores while all is well.
    if (counter.get() != 0) {
      counter.set(0);
    }
  }

  private void eject(OutlierSettings settings, long nowNanos) {
    if (!service.reserveEjection(settings)) {
      return;
    }
    CircuitBreaker breaker = Breakers.opened(id);
    synchronized (this) {
      // A call may end after its endpoint has left: there is no place under the cap to hold then.
      if (ejection != null || retired) {
        service.releaseEjection();
        return;
      }
      int forgiven =
          (int) Math.min(timesEjected, (nowNanos - returnedNanos) / settings.intervalNanos);
      timesEjected = timesEjected - Math.max(0, forgiven) + 1;
      ejection = new Ejection(breaker, nowNanos + settings.ejectionNanos(timesEjected));
    }
    service.tellEjection();
  }

  private synchronized void probed(
      boolean failed, @Nullable OutlierSettings settings, long nowNanos) {
    Ejection out = ejection;
    if (out == null) {
      return;
    }
    if (failed && settings != null) {
      out.breaker.onError(0, TimeUnit.NANOSECONDS, new FailedProbe());
      timesEjected++;
      ejection = new Ejection(out.breaker, nowNanos + settings.ejectionNanos(timesEjected));
      service.tellEjection();
    } else {
      out.breaker.onSuccess(0, TimeUnit.NANOSECONDS);
      clear(in5xx);
      clear(inGateway);
      clear(inLocal);
      returnedNanos = nowNanos;
      ejection = null;
      service.releaseEjection();
    }
  }

  /** The endpoint has left the service. */
  synchronized void retire() {
    retired = true;
    unchecked();
    if (ejection != null) {
      ejection = null;
      service.releaseEjection();
    }
  }

  /** A failure without a stack, for the state machine's books. */
  private static final class FailedProbe extends Exception {
    private static final long serialVersionUID = 1L;

    FailedProbe() {
      super("probe failed", null, false, false);
    }
  }
}
