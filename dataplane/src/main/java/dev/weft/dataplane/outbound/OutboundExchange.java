package dev.weft.dataplane.outbound;

import dev.weft.dataplane.balance.Candidate;
import dev.weft.dataplane.balance.Eligibility;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.snapshot.CompiledBackend;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.CompiledRetry;
import dev.weft.dataplane.snapshot.CompiledRoute;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.dataplane.snapshot.GivenCookie;
import dev.weft.dataplane.telemetry.TraceContext;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One call of the application from OBSERVE to CONCLUDE: what filters decide, and what observers
 * read. Used by one thread at a time; the asynchronous driver hands it over safely.
 */
public final class OutboundExchange implements Eligibility {
  /** Rising readiness to send somewhere at all: see {@link #eligible}. */
  static final int HEALTHY_UNTRIED = 0;

  static final int HEALTHY = 1;
  static final int UNTRIED = 2;
  static final int ANYONE = 3;

  /** What a callee, or a sidecar before it, says when its rate limit has refused a request. */
  static final String RATE_LIMITED = "x-envoy-ratelimited";

  private final OutboundRequest request;
  private final long startNanos;
  CompiledService service;
  final @Nullable RequestContext context;
  final @Nullable TraceContext served;
  final boolean hedge;
  boolean left;
  @Nullable CompiledRoute route;
  @Nullable CompiledBackend backend;
  @Nullable EndpointPool pool;
  @Nullable String givenCookie;
  @Nullable String sentPath;
  @Nullable String sentAuthority;
  CompiledRetry retry = CompiledRetry.byDefault();
  long deadlineNanos = RequestContext.NO_DEADLINE;
  boolean deadlineInherited;

  /** What ADMIT has taken, and the place, or turn, of a call that waits or waited. */
  @Nullable Capacity bulkhead;

  @Nullable Capacity connections;
  Capacity.@Nullable Place place;

  /** Whether the application ended the call while it waited: the library says so its own way. */
  boolean givenUp;

  @Nullable Attempt attempt;
  int attempts;
  boolean probing;
  boolean retrying;
  long triedTiers;
  long leftTiers;
  int firstLevel;
  int level;
  long nowNanos;
  int status;
  @Nullable String grpcStatus;
  boolean rateLimited;
  boolean overloaded;
  @Nullable String protocol;
  @Nullable Throwable failure;
  @Nullable FailureKind failureKind;
  @Nullable LocalReply reply;
  int flags;

  /** How many filters of the call, and of the attempt, have let it pass; they are released. */
  int passedCall;

  int passedAttempt;
  private @Nullable TraceContext trace;
  private @Nullable Object attachment;
  private @Nullable CompiledEndpoint firstTried;
  private CompiledEndpoint @Nullable [] laterTried;
  private int tried;

  OutboundExchange(CompiledService service, OutboundRequest request, long startNanos) {
    this.service = service;
    this.request = request;
    this.startNanos = startNanos;
    this.nowNanos = startNanos;
    // Read on the caller's thread: later stages may run on another one.
    this.context = RequestContext.current();
    this.served = TraceContext.current();
    this.hedge = false;
  }

  /** An attempt beside the one of {@code call} that is under way, at another endpoint. */
  private OutboundExchange(OutboundExchange call, OutboundRequest copy) {
    this.service = call.service;
    this.request = copy;
    this.startNanos = call.startNanos;
    this.nowNanos = call.nowNanos;
    this.context = call.context;
    this.served = call.served;
    this.hedge = true;
    this.route = call.route;
    this.backend = call.backend;
    this.pool = call.pool;
    this.givenCookie = call.givenCookie;
    this.sentPath = call.sentPath;
    this.sentAuthority = call.sentAuthority;
    this.retry = call.retry;
    this.deadlineNanos = call.deadlineNanos;
    this.deadlineInherited = call.deadlineInherited;
    this.attempts = call.attempts;
    this.trace = call.trace;
    this.attachment = call.attachment;
    exclude(call.sending().compiled());
  }

  /** An exchange for a second attempt at the same time; {@link #adopt} takes what it brought. */
  OutboundExchange beside(OutboundRequest copy) {
    return new OutboundExchange(this, copy);
  }

  /** Takes over the attempt of a hedge, which answers for the call from now on. */
  void adopt(OutboundExchange winner) {
    attempt = winner.attempt;
    passedAttempt = winner.passedAttempt;
    winner.passedAttempt = 0;
    probing = winner.probing;
    winner.probing = false;
    level = winner.level;
    nowNanos = winner.nowNanos;
    status = winner.status;
    grpcStatus = winner.grpcStatus;
    rateLimited = winner.rateLimited;
    overloaded = winner.overloaded;
    protocol = winner.protocol;
    failure = winner.failure;
    failureKind = winner.failureKind;
    reply = winner.reply;
    retrying = winner.retrying;
    winner.retrying = false;
  }

  /** The request. */
  public OutboundRequest request() {
    return request;
  }

  /** Canonical host of the service called, before routing. */
  public String host() {
    return service.host();
  }

  /** The service called, before routing. */
  public CompiledService service() {
    return service;
  }

  /** The route taken, or null before ROUTE or when none matched. */
  public @Nullable CompiledRoute route() {
    return route;
  }

  /** The destination, a service or a subset of it, or null before ROUTE. */
  public @Nullable EndpointPool destination() {
    return pool;
  }

  /** The attempt under way or, after the last one, that one; null when none was made. */
  public @Nullable Attempt attempt() {
    return attempt;
  }

  /** Attempts begun so far. */
  public int attempts() {
    return attempts;
  }

  /** When the call began, on the data plane's clock. */
  public long startNanos() {
    return startNanos;
  }

  /** When the call has to be over, {@link RequestContext#NO_DEADLINE} when never. */
  public long deadlineNanos() {
    return deadlineNanos;
  }

  /** Status of the last attempt, or of the local reply; 0 when there is only a failure. */
  public int status() {
    LocalReply local = reply;
    return local == null ? status : local.status();
  }

  /** HTTP version of the other side's answer, {@code 1.1} or {@code 2}; null when not known. */
  public @Nullable String protocol() {
    return reply == null ? protocol : null;
  }

  /** How the last attempt failed, or null when it was answered. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** What that failure means, or null. */
  public @Nullable FailureKind failureKind() {
    return failureKind;
  }

  /** The mesh's own answer, or null when the other side's counts. */
  public @Nullable LocalReply reply() {
    return reply;
  }

  /** Set of {@link ResponseFlag#bit()}; {@link ResponseFlag#text} writes it. */
  public int flags() {
    return flags;
  }

  /** Keeps an object of the observer with this exchange. */
  public void attach(@Nullable Object object) {
    this.attachment = object;
  }

  /** What the observer attached. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Says which trace context attempts carry from now on. */
  public void propagate(TraceContext context) {
    this.trace = context;
  }

  /** What {@link #propagate} said, or null. */
  public @Nullable TraceContext trace() {
    return trace;
  }

  /** The edit that gives the cookie of BALANCE to the caller, or null when there is none. */
  @Nullable HeaderEdits giveCookie() {
    String value = givenCookie;
    GivenCookie cookie = value == null || pool == null ? null : pool.givenCookie();
    return cookie == null || value == null ? null : cookie.edits(value);
  }

  /** The attempt that BALANCE made. */
  Attempt sending() {
    Attempt sending = attempt;
    if (sending == null) {
      throw new IllegalStateException("no attempt was begun");
    }
    return sending;
  }

  void flag(ResponseFlag flag) {
    flags |= flag.bit();
  }

  /** Remembers that this endpoint was tried, or refused the attempt. */
  void exclude(CompiledEndpoint endpoint) {
    if (tried == 0) {
      firstTried = endpoint;
    } else {
      CompiledEndpoint[] later = laterTried;
      if (later == null) {
        later = new CompiledEndpoint[4];
      } else if (tried > later.length) {
        later = Arrays.copyOf(later, later.length * 2);
      }
      later[tried - 1] = endpoint;
      laterTried = later;
    }
    tried++;
  }

  /** Whether the call is made for a request that is itself a retry. */
  boolean isPartOfRetry() {
    return context != null && context.isRetry();
  }

  /** Whether retries keep away from this tier of the destination. */
  boolean hasLeft(int tier) {
    return tier < Long.SIZE && (leftTiers & (1L << tier)) != 0;
  }

  private boolean untried(CompiledEndpoint endpoint) {
    if (tried == 0) {
      return true;
    }
    if (endpoint == firstTried) {
      return false;
    }
    CompiledEndpoint[] later = laterTried;
    for (int i = 0; later != null && i < tried - 1; i++) {
      if (later[i] == endpoint) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean eligible(Candidate candidate) {
    CompiledEndpoint endpoint = (CompiledEndpoint) candidate;
    switch (level) {
      case HEALTHY_UNTRIED:
        return endpoint.state().available(nowNanos) && untried(endpoint);
      case HEALTHY:
        return endpoint.state().available(nowNanos);
      case UNTRIED:
        return untried(endpoint);
      default:
        return true;
    }
  }
}
