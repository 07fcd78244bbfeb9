package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Question;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.MtlsMode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request through the stages and says whether it may enter the application. Fails closed: a
 * filter that throws denies. Its observer fails open. Thread-safe; blocks only in {@link
 * InboundExchange#ask}.
 */
public final class InboundDriver {
  private static final LocalReply FILTER_FAILED =
      LocalReply.of(
          403,
          ReplyKind.RESPONSE,
          ResponseFlag.LR,
          InboundStage.AUTHORIZE.name(),
          "",
          "the mesh could not judge this request and refuses it");
  private static final LocalReply NOT_READY =
      LocalReply.of(
          503,
          ReplyKind.RESPONSE,
          ResponseFlag.LR,
          InboundStage.IDENTIFY.name(),
          "mesh.on-agent-failure=deny",
          "the mesh agent has no policy yet and is told to deny meanwhile");

  private static final LocalReply TOO_MANY_WAIT =
      LocalReply.of(
          503,
          ReplyKind.RESPONSE,
          ResponseFlag.UO,
          InboundStage.CHECK.name(),
          "",
          "too many requests wait for an authorizer");

  private final FilterChain chain;
  private final InboundObserver observer;
  private final boolean denyWithoutPolicy;
  private final LongSupplier nanoClock;
  private final LongAdder observerFailures = new LongAdder();
  private final LongAdder filterFailures = new LongAdder();
  private @Nullable InboundPolicy document;

  /** Written last by {@link #update}, so that who reads it sees the filters it needs. */
  private volatile @Nullable CompiledInbound policy;

  private InboundDriver(
      InboundFilter[] filters,
      InboundObserver observer,
      Authorizers authorizers,
      boolean denyWithoutPolicy,
      LongSupplier nanoClock) {
    this.chain = new FilterChain(filters, authorizers, this::checked, nanoClock);
    this.observer = observer;
    this.denyWithoutPolicy = denyWithoutPolicy;
    this.nanoClock = nanoClock;
  }

  /**
   * A driver without policy yet.
   *
   * @param denyWithoutPolicy what to do until the first policy arrives: true refuses with 503
   *     ({@code mesh.on-agent-failure=deny}), false lets in
   * @param authorizers the way to those whom policies of action CUSTOM ask
   * @param nanoClock the data plane's clock
   */
  public static InboundDriver of(
      InboundObserver observer,
      Authorizers authorizers,
      boolean denyWithoutPolicy,
      LongSupplier nanoClock) {
    InboundFilter[] filters = {new IdentifyFilter(), new AuthorizeFilter()};
    return new InboundDriver(filters, observer, authorizers, denyWithoutPolicy, nanoClock);
  }

  /** The same for policy that asks nobody. */
  public static InboundDriver of(
      InboundObserver observer, boolean denyWithoutPolicy, LongSupplier nanoClock) {
    return of(observer, Authorizers.NONE, denyWithoutPolicy, nanoClock);
  }

  static InboundDriver with(
      InboundObserver observer,
      boolean denyWithoutPolicy,
      LongSupplier nanoClock,
      InboundFilter... filters) {
    return new InboundDriver(filters, observer, Authorizers.NONE, denyWithoutPolicy, nanoClock);
  }

  /**
   * Puts a policy in force for every request that begins from now on.
   *
   * @throws IllegalArgumentException when it cannot be compiled; the earlier one stays
   */
  public synchronized void update(InboundPolicy next) {
    if (next.equals(document)) {
      // Most snapshots change what this workload calls, not who may call it.
      return;
    }
    boolean counts = !next.limits.isEmpty() || next.shedding != null;
    long now = counts ? nanoClock.getAsLong() : 0;
    CompiledInbound compiled = CompiledInbound.of(next, policy, now);
    chain.serve(compiled);
    policy = compiled;
    document = next;
  }

  /**
   * What {@code policy} says to a request, and why.
   *
   * @return texts, lists and flags: {@code steps}, {@code ended}
   */
  public static Map<String, Object> explain(InboundPolicy policy, InboundRequest request) {
    return new InboundExplanation(policy, request).explain();
  }

  /** The mTLS mode of a port; without policy, what {@code mesh.on-agent-failure} says. */
  public MtlsMode mode(int port) {
    CompiledInbound now = policy;
    if (now == null) {
      return denyWithoutPolicy ? MtlsMode.STRICT : MtlsMode.PERMISSIVE;
    }
    return now.mode(port);
  }

  /** Names of the filters, in the order in which they are asked. */
  List<String> filters() {
    return chain.names();
  }

  /** How often an observer threw; the requests went on. */
  public long observerFailures() {
    return observerFailures.sum();
  }

  /** The limit on requests under way at a local port; null when nobody limits them. */
  public @Nullable ConcurrencyLimit concurrency(int port) {
    CompiledInbound now = policy;
    LoadShedder shedder = now == null ? null : now.shedder(port);
    return shedder == null ? null : shedder.limit();
  }

  /** Whether the requests under way are limited at all. */
  public boolean shedsLoad() {
    CompiledInbound now = policy;
    return now != null && now.shedders() != null;
  }

  /** Adds something of all limits on requests under way up. */
  public int concurrencySum(ToIntFunction<ConcurrencyLimit> value) {
    CompiledInbound now = policy;
    LoadShedders shedders = now == null ? null : now.shedders();
    return shedders == null ? 0 : shedders.sum(value);
  }

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  /**
   * How often a filter threw; the requests were refused, but for DEADLINE and ADMIT, which let them
   * in.
   */
  public long filterFailures() {
    return filterFailures.sum();
  }

  /**
   * Whether a request that carries neither trace nor deadline may enter without {@link #begin}: no
   * policy looks at any request and nobody reads about them. Most services are like that at first,
   * and are to notice nothing of us.
   */
  public boolean isIndifferent() {
    CompiledInbound now = policy;
    return (now == null ? !denyWithoutPolicy : now.demandsNothing()) && observer.isIdle();
  }

  /** Judges a request. Never throws. */
  public InboundExchange begin(InboundRequest request) {
    CompiledInbound now = policy;
    InboundRequest judged = now == null ? request : now.authenticable(request);
    InboundExchange exchange = new InboundExchange(this, judged, nanoClock);
    try {
      observer.started(exchange);
    } catch (Throwable t) {
      observerFailures.increment();
    }
    if (now == null) {
      if (denyWithoutPolicy) {
        exchange.reject(NOT_READY);
      }
    } else {
      advance(exchange, now, chain.filters(), 0);
    }
    return exchange;
  }

  /** Goes through the stages from one on, to the end or to where somebody has to be asked. */
  private void advance(
      InboundExchange exchange, CompiledInbound now, InboundFilter[] chain, int from) {
    LocalReply reply;
    try {
      reply = judge(exchange, now, chain, from);
    } catch (Throwable t) {
      filterFailures.increment();
      reply = FILTER_FAILED;
    }
    if (reply == null && !exchange.isWaiting()) {
      reply = late(exchange);
    }
    if (reply == null && !exchange.isWaiting()) {
      reply = admit(exchange, now);
    }
    if (reply != null) {
      exchange.reject(reply);
    }
    if (!exchange.isWaiting()) {
      note(exchange, now);
    }
  }

  private static @Nullable LocalReply judge(
      InboundExchange exchange, CompiledInbound now, InboundFilter[] chain, int from) {
    for (int i = from; i < chain.length; i++) {
      Verdict verdict = chain[i].judge(exchange.request(), now);
      if (verdict.proceeds()) {
        continue;
      }
      Question question = verdict.question();
      if (question != null) {
        int next = i + 1;
        exchange.await(
            new InboundExchange.Waiting(question) {
              @Override
              void goOn(InboundDriver driver) {
                driver.advance(exchange, now, chain, next);
              }
            });
        return null;
      }
      LocalReply reply = verdict.reply();
      return reply == null ? FILTER_FAILED : reply;
    }
    return null;
  }

  /** DEADLINE. No part of security: a bug of it must not refuse what can be served. */
  private @Nullable LocalReply late(InboundExchange exchange) {
    try {
      return DeadlineCheck.judge(exchange.deadlineNanos(), nanoClock);
    } catch (Throwable t) {
      filterFailures.increment();
      return null;
    }
  }

  /** ADMIT. A bug of it must not refuse what the application may well be able to serve. */
  private @Nullable LocalReply admit(InboundExchange exchange, CompiledInbound now) {
    LoadShedders shedders = now.shedders();
    // Some containers make an address to tell a port: only who has limits asks.
    LoadShedder shedder = shedders == null ? null : shedders.on(exchange.request().localPort());
    if (shedder == null) {
      return null;
    }
    try {
      return shedder.admit(exchange, now.trustedProxies(), nanoClock.getAsLong());
    } catch (Throwable t) {
      filterFailures.increment();
      return null;
    }
  }

  /** What {@link InboundExchange#ask} does. */
  void ask(InboundExchange exchange, long deadlineNanos) {
    InboundExchange.Waiting waiting = exchange.waiting();
    while (waiting != null) {
      LocalReply reply;
      try {
        reply = waiting.question.ask(deadlineNanos);
      } catch (Throwable t) {
        filterFailures.increment();
        reply = FILTER_FAILED;
      }
      if (reply != null) {
        exchange.reject(reply);
      }
      exchange.answered();
      if (reply == null) {
        waiting.goOn(this);
      }
      waiting = exchange.waiting();
    }
  }

  /** What {@link InboundExchange#askElsewhere} does. */
  void askElsewhere(InboundExchange exchange, long deadlineNanos, Runnable then) {
    try {
      CheckThreads.POOL.execute(
          () -> {
            try {
              ask(exchange, deadlineNanos);
            } catch (Throwable t) {
              filterFailures.increment();
              exchange.reject(FILTER_FAILED);
              exchange.answered();
            }
            then.run();
          });
    } catch (RejectedExecutionException full) {
      exchange.reject(TOO_MANY_WAIT);
      exchange.answered();
      then.run();
    }
  }

  private void checked(String provider, CheckOutcome outcome) {
    try {
      observer.checked(provider, outcome);
    } catch (Throwable t) {
      observerFailures.increment();
    }
  }

  private void note(InboundExchange exchange, CompiledInbound now) {
    if (now.audit().length == 0 && now.trial() == null) {
      return;
    }
    try {
      Notes.take(exchange, now);
    } catch (Throwable t) {
      observerFailures.increment();
    }
  }

  /** The caller was not told something; the answer goes out without it. */
  void untold() {
    observerFailures.increment();
  }

  @Nullable Object enter(InboundExchange exchange) {
    try {
      return observer.enter(exchange);
    } catch (Throwable t) {
      observerFailures.increment();
      return null;
    }
  }

  void leave(InboundExchange exchange, @Nullable Object entered) {
    if (entered == null) {
      return;
    }
    try {
      observer.leave(exchange, entered);
    } catch (Throwable t) {
      observerFailures.increment();
    }
  }

  void ended(InboundExchange exchange) {
    try {
      observer.ended(exchange);
    } catch (Throwable t) {
      observerFailures.increment();
    }
  }
}
