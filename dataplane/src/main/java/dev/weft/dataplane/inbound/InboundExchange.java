package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Question;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One request from its arrival to its end. Concluded once, from any thread; else one thread at a
 * time.
 */
public final class InboundExchange {
  private static final LocalReply CANNOT_WAIT =
      LocalReply.of(
          403,
          ReplyKind.RESPONSE,
          ResponseFlag.UAEX,
          InboundStage.CHECK.name(),
          "cannot-wait",
          "policy wants an authorizer asked, and this server cannot wait for its answer");

  private static final AtomicIntegerFieldUpdater<InboundExchange> CONCLUDED =
      AtomicIntegerFieldUpdater.newUpdater(InboundExchange.class, "concluded");

  private final InboundDriver driver;
  private final InboundRequest request;
  private final long deadlineNanos;
  private final boolean ofMesh;
  private final boolean retry;

  /** Made for the thread that serves it: who is refused needs none. */
  private @Nullable RequestContext context;

  /** 1 once it is over. */
  private volatile int concluded;

  private @Nullable LocalReply rejection;
  private @Nullable Waiting waiting;
  private @Nullable Object attachment;
  private int status;
  private @Nullable Throwable failure;
  private List<String> audited = Collections.emptyList();
  private @Nullable LocalReply dryRun;
  private @Nullable ConcurrencyLimit place;
  private long placeNanos;

  /** The thread that the application serves it on, while it is current there. */
  private volatile @Nullable Thread serving;

  InboundExchange(InboundDriver driver, InboundRequest request, LongSupplier nanoClock) {
    this.driver = driver;
    this.request = request;
    this.deadlineNanos = CallerContext.deadlineNanos(request, nanoClock);
    this.ofMesh = CallerContext.isOfMesh(request);
    // Asked on arrival, since policy may take the header away.
    this.retry = ofMesh && CallerContext.isRetry(request);
  }

  /**
   * A call made for it is not worth another attempt, nor is the request itself: the answer says so,
   * if the server lets the thread on which the call ended touch it.
   */
  void givenUp() {
    try {
      request.tellCaller(
          RequestContext.OVERLOADED_HEADER, "true", Thread.currentThread() == serving);
    } catch (Throwable t) {
      driver.untold();
    }
  }

  void reject(LocalReply reply) {
    rejection = reply;
  }

  /** It has a place of this limit, until it is concluded. */
  void holds(ConcurrencyLimit limit, long nowNanos) {
    place = limit;
    placeNanos = nowNanos;
  }

  void audited(String policy) {
    if (audited.isEmpty()) {
      audited = new ArrayList<>(1);
    }
    audited.add(policy);
  }

  void await(Waiting forAnswer) {
    waiting = forAnswer;
  }

  void answered() {
    waiting = null;
  }

  @Nullable Waiting waiting() {
    return waiting;
  }

  void tried(@Nullable LocalReply reply) {
    dryRun = reply;
  }

  /** The request. */
  public InboundRequest request() {
    return request;
  }

  /**
   * The reply to write in place of the application's; null when the application may run. As long as
   * somebody has to be asked it may not, so that a container that cannot wait refuses.
   */
  public @Nullable LocalReply rejection() {
    return waiting == null ? rejection : CANNOT_WAIT;
  }

  /** Whether the application may run. */
  public boolean permitted() {
    return rejection() == null;
  }

  /** Whether somebody has to be asked ({@link #ask}) before it is known if it may enter. */
  public boolean isWaiting() {
    return waiting != null;
  }

  /**
   * Asks whoever has to be asked, and waits for it on this thread, for as long as policy and the
   * caller's deadline allow. Afterwards it is decided. Does nothing when it is already; never
   * throws.
   */
  public void ask() {
    driver.ask(this, deadlineNanos());
  }

  /**
   * The same on a thread of the mesh, for callers that must not wait.
   *
   * @param then runs on that thread when it is decided, or on this one when there are too many who
   *     wait; it must not throw
   */
  public void askElsewhere(Runnable then) {
    driver.askElsewhere(this, deadlineNanos(), then);
  }

  /** When the caller gives up, on the data plane's clock; {@link RequestContext#NO_DEADLINE}. */
  long deadlineNanos() {
    return deadlineNanos;
  }

  /** The AUDIT policies that matched, as {@code namespace/name}. */
  public List<String> auditedBy() {
    return audited;
  }

  /** How it would have been refused if the policies on dry run were in force; null when not. */
  public @Nullable LocalReply dryRunRejection() {
    return dryRun;
  }

  /** Keeps an observer's own state. */
  public void attach(Object state) {
    attachment = state;
  }

  /** What {@link #attach} kept. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Status of the response; 0 before the end. */
  public int status() {
    return status;
  }

  /** What the application threw; null for nothing. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** From now on this thread works for the request: calls it makes join the trace and deadline. */
  public Scope makeCurrent() {
    serving = Thread.currentThread();
    Object entered = driver.enter(this);
    RequestContext ours = context();
    RequestContext before = ours == null ? null : ours.attach();
    return new Scope(this, entered, ours != null, before);
  }

  /**
   * What calls made for it have to know; null when there is nothing to know, and nobody to tell.
   */
  private @Nullable RequestContext context() {
    if (context == null) {
      if (ofMesh) {
        context = RequestContext.of(deadlineNanos, retry, this::givenUp);
      } else if (deadlineNanos != RequestContext.NO_DEADLINE) {
        context = RequestContext.of(deadlineNanos);
      }
    }
    return context;
  }

  /** The request is over. The second and further calls do nothing. */
  public void conclude(int finalStatus, @Nullable Throwable thrown) {
    if (concluded == 0 && CONCLUDED.compareAndSet(this, 0, 1)) {
      status = finalStatus;
      failure = thrown;
      ConcurrencyLimit held = place;
      if (held != null) {
        held.release(placeNanos, driver.nanoTime(), thrown == null && finalStatus < 500);
      }
      driver.ended(this);
    }
  }

  /** Where an exchange goes on once a question is answered. */
  abstract static class Waiting {
    final Question question;

    Waiting(Question question) {
      this.question = question;
    }

    abstract void goOn(InboundDriver driver);
  }

  /** Ends the work of a thread for a request; to be closed on the thread that opened it. */
  public static final class Scope implements AutoCloseable {
    private final InboundExchange exchange;
    private final @Nullable Object entered;
    private final boolean attached;
    private final @Nullable RequestContext before;

    private Scope(
        InboundExchange exchange,
        @Nullable Object entered,
        boolean attached,
        @Nullable RequestContext before) {
      this.exchange = exchange;
      this.entered = entered;
      this.attached = attached;
      this.before = before;
    }

    @Override
    public void close() {
      if (attached) {
        RequestContext.restore(before);
      }
      if (exchange.serving == Thread.currentThread()) {
        exchange.serving = null;
      }
      exchange.driver.leave(exchange, entered);
    }
  }
}
