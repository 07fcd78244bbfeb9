package dev.weft.dataplane.telemetry;

import org.jspecify.annotations.Nullable;

/** Decides which requests become spans, and takes them. Neither method may block. */
interface Tracing {

  /** Spans go nowhere: contexts are passed on as they came. */
  Tracing OFF =
      new Tracing() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public boolean sample(
            @Nullable TraceContext parent, TraceContext candidate, Exchange.Direction direction) {
          return false;
        }

        @Override
        public void export(Exchange exchange) {}
      };

  /** Whether spans are exported at all. */
  boolean isOn();

  /**
   * Whether the request at {@code candidate} becomes a span.
   *
   * @param parent where it comes from, null for the first of its trace
   * @param candidate its own position, sampled or not
   */
  boolean sample(
      @Nullable TraceContext parent, TraceContext candidate, Exchange.Direction direction);

  /** Takes a concluded exchange. */
  void export(Exchange exchange);

  /** Takes what was done with a database. */
  default void export(DatabaseActivity activity) {}
}
