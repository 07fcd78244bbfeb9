package dev.weft.instrumentation.javahttpclient;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.telemetry.TraceContext;
import org.jspecify.annotations.Nullable;

/** What a thread works for: its trace position, and the deadline of the request it serves. */
final class Caller {
  private final TraceContext.Captured trace;
  private final @Nullable RequestContext served;

  private Caller(TraceContext.Captured trace, @Nullable RequestContext served) {
    this.trace = trace;
    this.served = served;
  }

  /** Takes it from the calling thread; null when there is nothing. */
  static @Nullable Caller capture() {
    RequestContext served = RequestContext.current();
    return served == null && TraceContext.current() == null
        ? null
        : new Caller(TraceContext.capture(), served);
  }

  /** Runs a task as if on that thread. */
  void run(Runnable task) {
    RequestContext before = served == null ? RequestContext.current() : served.attach();
    try {
      trace.run(task);
    } finally {
      RequestContext.restore(before);
    }
  }
}
