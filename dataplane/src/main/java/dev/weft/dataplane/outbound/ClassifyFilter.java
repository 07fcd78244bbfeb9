package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.LoadBalancer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the outcome of an attempt once: feeds the endpoint's state, sets the flags, and turns a
 * timeout that was ours into the 504 of a sidecar. A timeout that the application set itself stays
 * its own exception.
 */
final class ClassifyFilter implements OutboundFilter {
  /** Sockets count in whole milliseconds, and may fire one early. */
  private static final long SLACK_NANOS = 2_000_000;

  private final GuardedObserver observer;

  ClassifyFilter(GuardedObserver observer) {
    this.observer = observer;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.CLASSIFY;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    Attempt attempt = exchange.attempt;
    EndpointPool pool = exchange.pool;
    if (attempt == null || pool == null) {
      return Verdict.PROCEED;
    }
    FailureKind kind = exchange.failureKind;
    boolean ours = kind != null && overdue(attempt, kind, exchange.nowNanos);
    if (ours && kind != FailureKind.CONNECT) {
      exchange.failureKind = FailureKind.TIMEOUT;
      kind = FailureKind.TIMEOUT;
    }
    if (blames(kind)) {
      int status = kind == null ? GrpcOutcomes.status(exchange) : 0;
      attempt
          .compiled()
          .state()
          .record(status, exchange.probing, pool.outliers(), exchange.nowNanos);
      exchange.probing = false;
      if (pool.policy().loadBalancer == LoadBalancer.EWMA) {
        boolean failed = kind != null || status >= 500;
        long took = exchange.nowNanos - attempt.startNanos();
        attempt.compiled().state().latency().record(took, failed, exchange.nowNanos);
      }
    }
    flag(exchange, kind);
    if (ours) {
      exchange.reply = Rejections.timeout(exchange, OutboundStage.TIMEOUT);
    }
    observer.attempted(exchange, attempt);
    return Verdict.PROCEED;
  }

  /** Whether the attempt failed because the time we gave it was over. */
  private static boolean overdue(Attempt attempt, FailureKind kind, long nowNanos) {
    if (attempt.expired()) {
      return true;
    }
    boolean waited = kind == FailureKind.TIMEOUT || kind == FailureKind.CONNECT;
    long allowed = attempt.timeoutNanos();
    if (!waited || allowed == 0 || nowNanos - attempt.startNanos() < allowed - SLACK_NANOS) {
      return false;
    }
    attempt.markExpired();
    return true;
  }

  /** Whether the endpoint has to answer for it; not for what the application did itself. */
  private static boolean blames(@Nullable FailureKind kind) {
    return kind != FailureKind.CANCELLED && kind != FailureKind.OTHER;
  }

  private static void flag(OutboundExchange exchange, @Nullable FailureKind kind) {
    if (kind == null) {
      return;
    }
    switch (kind) {
      case CONNECT:
        exchange.flag(ResponseFlag.UF);
        break;
      case RESET:
      case REFUSED_STREAM:
        exchange.flag(ResponseFlag.UC);
        break;
      case IDENTITY_REFUSED:
        exchange.flag(ResponseFlag.UAEX);
        break;
      case TIMEOUT:
        exchange.flag(ResponseFlag.UT);
        break;
      default:
        break;
    }
  }
}
