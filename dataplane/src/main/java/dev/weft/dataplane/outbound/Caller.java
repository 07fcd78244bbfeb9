package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.telemetry.TraceContext;
import org.jspecify.annotations.Nullable;

/**
 * What a thread works for: its trace position, and the deadline of the request it serves. For
 * clients that do on another thread what the caller asked for. Immutable.
 */
public final class Caller {
  /**
   * Under which a caller is kept in a context that a library carries from one thread to another,
   * such as Reactor's. A text, because those who put it and those who take it share no class.
   */
  public static final String KEY = "dev.weft.caller";

  private final @Nullable TraceContext trace;
  private final @Nullable RequestContext served;

  private Caller(@Nullable TraceContext trace, @Nullable RequestContext served) {
    this.trace = trace;
    this.served = served;
  }

  /** Takes it from the calling thread; null when there is nothing. */
  public static @Nullable Caller capture() {
    TraceContext trace = TraceContext.current();
    RequestContext served = RequestContext.current();
    return served == null && trace == null ? null : new Caller(trace, served);
  }

  /** Makes the calling thread work for this one; what it worked for before is to be put back so. */
  public Caller attach() {
    RequestContext before = RequestContext.current();
    RequestContext.restore(served);
    return new Caller(TraceContext.swap(trace), before);
  }

  /** Runs a task as if on that thread. */
  public void run(Runnable task) {
    Caller before = attach();
    try {
      task.run();
    } finally {
      before.attach();
    }
  }
}
