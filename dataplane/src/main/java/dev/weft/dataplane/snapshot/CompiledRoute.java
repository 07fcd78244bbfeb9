package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One rule of a service: what it matches, where it sends, how long and how often. Immutable. */
public final class CompiledRoute {
  private final String name;
  private final RouteMatcher[] matchers;
  private final CompiledBackend[] backends;
  private final long[] cumulative;
  private final HeaderEdits headers;
  private final long timeoutNanos;
  private final CompiledRetry retry;
  private final @Nullable Fault fault;
  private final @Nullable CompiledRewrite rewrite;
  private final @Nullable CompiledAnswer answer;
  private final CompiledMirror[] mirrors;

  private CompiledRoute(Route route, List<CompiledBackend> backends, CompiledMirror[] mirrors) {
    this.name = route.name;
    this.matchers = new RouteMatcher[route.matches.size()];
    int i = 0;
    for (RouteMatch match : route.matches) {
      matchers[i++] = RouteMatcher.of(match);
    }
    this.backends = backends.toArray(new CompiledBackend[0]);
    this.cumulative = new long[this.backends.length];
    long sum = 0;
    for (int b = 0; b < this.backends.length; b++) {
      // Istio lets a single destination go without a weight.
      sum += this.backends.length == 1 ? 1 : Math.max(0, route.backends.get(b).weight);
      cumulative[b] = sum;
    }
    this.headers = route.headers;
    this.rewrite = CompiledRewrite.of(route.rewrite);
    this.answer = CompiledAnswer.of(route);
    this.mirrors = mirrors;
    Fault injected = route.fault;
    this.fault = injected;
    // Istio: a fault on the client side switches timeout and retries of the route off.
    this.timeoutNanos = injected != null ? 0 : Math.max(0, route.timeoutMillis) * 1_000_000;
    RetryPolicy policy = route.retries;
    this.retry =
        injected != null
            ? CompiledRetry.none()
            : policy == null ? CompiledRetry.byDefault() : CompiledRetry.of(policy);
  }

  static CompiledRoute of(Route route, List<CompiledBackend> backends, CompiledMirror[] mirrors) {
    return new CompiledRoute(route, backends, mirrors);
  }

  /** Name for logs, metrics and the rejection header. */
  public String name() {
    return name;
  }

  /** Whether one of the matches holds; a route without any takes every request. */
  public boolean matches(RequestHead request) {
    if (matchers.length == 0) {
      return true;
    }
    for (RouteMatcher matcher : matchers) {
      if (matcher.matches(request)) {
        return true;
      }
    }
    return false;
  }

  /** Whether it takes every request. */
  boolean matchesAll() {
    return matchers.length == 0;
  }

  /** A backend drawn by weight; null when there is none or all weigh nothing. */
  public @Nullable CompiledBackend draw(RandomSource random) {
    int count = backends.length;
    long total = count == 0 ? 0 : cumulative[count - 1];
    if (total == 0) {
      return null;
    }
    if (count == 1) {
      return backends[0];
    }
    long ticket =
        total <= Integer.MAX_VALUE
            ? random.nextInt((int) total)
            : Math.min(total - 1, (long) (random.nextDouble() * total));
    int index = 0;
    while (cumulative[index] <= ticket) {
      index++;
    }
    return backends[index];
  }

  /** Edits for every backend. */
  public HeaderEdits headers() {
    return headers;
  }

  /** Limit on the whole call, retries included; 0 for none. */
  public long timeoutNanos() {
    return timeoutNanos;
  }

  /** When to try again. */
  public CompiledRetry retry() {
    return retry;
  }

  /** What to inject, or null. */
  public @Nullable Fault fault() {
    return fault;
  }

  /** Another path and host to send, or null. */
  public @Nullable CompiledRewrite rewrite() {
    return rewrite;
  }

  /** Who else gets copies of requests; not to be changed. */
  public CompiledMirror[] mirrors() {
    return mirrors;
  }

  /** What the route answers itself, or null when it goes somewhere. */
  public @Nullable CompiledAnswer answer() {
    return answer;
  }
}
