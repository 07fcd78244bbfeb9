package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** One request from its arrival to its end. Concluded once, from any thread; else one thread. */
public final class InboundExchange {
  private final InboundDriver driver;
  private final InboundRequest request;
  private final @Nullable RequestContext context;
  private final AtomicBoolean concluded = new AtomicBoolean();
  private @Nullable LocalReply rejection;
  private @Nullable Object attachment;
  private int status;
  private @Nullable Throwable failure;
  private int audited;
  private @Nullable LocalReply dryRun;
  private @Nullable ConcurrencyLimit place;
  private long placeNanos;

  InboundExchange(InboundDriver driver, InboundRequest request, @Nullable RequestContext context) {
    this.driver = driver;
    this.request = request;
    this.context = context;
  }

  void reject(LocalReply reply) {
    rejection = reply;
  }

  /** It has a place of this limit, until it is concluded. */
  void holds(ConcurrencyLimit limit, long nowNanos) {
    place = limit;
    placeNanos = nowNanos;
  }

  void audited(int count) {
    audited = count;
  }

  void tried(@Nullable LocalReply reply) {
    dryRun = reply;
  }

  /** The request. */
  public InboundRequest request() {
    return request;
  }

  /** The reply to write in place of the application's; null when the application may run. */
  public @Nullable LocalReply rejection() {
    return rejection;
  }

  /** Whether the application may run. */
  public boolean permitted() {
    return rejection == null;
  }

  /** How many AUDIT policies matched. */
  public int auditedBy() {
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
    Object entered = driver.enter(this);
    RequestContext before = context == null ? null : context.attach();
    return new Scope(this, entered, before);
  }

  /** The request is over. The second and further calls do nothing. */
  public void conclude(int finalStatus, @Nullable Throwable thrown) {
    if (concluded.compareAndSet(false, true)) {
      status = finalStatus;
      failure = thrown;
      ConcurrencyLimit held = place;
      if (held != null) {
        held.release(placeNanos, driver.nanoTime(), thrown == null && finalStatus < 500);
      }
      driver.ended(this);
    }
  }

  /** Ends the work of a thread for a request; to be closed on the thread that opened it. */
  public static final class Scope implements AutoCloseable {
    private final InboundExchange exchange;
    private final @Nullable Object entered;
    private final @Nullable RequestContext before;

    private Scope(
        InboundExchange exchange, @Nullable Object entered, @Nullable RequestContext before) {
      this.exchange = exchange;
      this.entered = entered;
      this.before = before;
    }

    @Override
    public void close() {
      if (exchange.context != null) {
        RequestContext.restore(before);
      }
      exchange.driver.leave(exchange, entered);
    }
  }
}
