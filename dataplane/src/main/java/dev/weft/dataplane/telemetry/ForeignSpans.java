package dev.weft.dataplane.telemetry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another tracer in this process that makes spans of the same requests: the OpenTelemetry agent.
 * Where there is one, Weft makes no spans of its own and adds what it knows to the other's. Called
 * on the request path; thread-safe.
 */
public interface ForeignSpans {

  /** Nobody else traces here. */
  ForeignSpans NONE =
      new ForeignSpans() {
        @Override
        public boolean isPresent() {
          return false;
        }

        @Override
        public @Nullable Span current() {
          return null;
        }
      };

  /** Whether another tracer makes the spans of this process, reachable or not. */
  boolean isPresent();

  /** The span the calling thread works in; null when there is none or it cannot be reached. */
  @Nullable Span current();

  /** A span of the other tracer. */
  interface Span {
    /** Its position in the trace. */
    TraceContext context();

    /** Whether what is added still counts: it is sampled and has not ended. */
    boolean isRecording();

    /** Adds attributes; values are {@code String} or {@code Long}. */
    void attributes(Map<String, ?> attributes);

    /** Adds an event. */
    void event(String name, Map<String, ?> attributes);
  }
}
