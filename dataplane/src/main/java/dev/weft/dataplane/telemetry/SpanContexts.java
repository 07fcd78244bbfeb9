package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import org.jspecify.annotations.Nullable;

/** Our trace positions as the SDK's. */
final class SpanContexts {

  private SpanContexts() {}

  /** Texts are made when the exporter asks, not on the request's thread. */
  static SpanContext local(TraceContext context) {
    return new Position(context, false);
  }

  static SpanContext remote(@Nullable TraceContext context) {
    return context == null ? SpanContext.getInvalid() : new Position(context, true);
  }

  private static TraceFlags flags(TraceContext context) {
    return context.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault();
  }

  private static TraceState state(@Nullable String header) {
    if (header == null) {
      return TraceState.getDefault();
    }
    String[] members = header.split(",");
    TraceStateBuilder state = TraceState.builder();
    // The builder puts the last first.
    for (int i = members.length - 1; i >= 0; i--) {
      int equals = members[i].indexOf('=');
      if (equals > 0) {
        state.put(members[i].substring(0, equals).trim(), members[i].substring(equals + 1).trim());
      }
    }
    return state.build();
  }

  /** Keeps the texts it has made: an exporter asks for each of them several times. */
  private static final class Position implements SpanContext {
    private final TraceContext context;
    private final boolean remote;
    private @Nullable String traceId;
    private @Nullable String spanId;

    Position(TraceContext context, boolean remote) {
      this.context = context;
      this.remote = remote;
    }

    @Override
    public String getTraceId() {
      String text = traceId;
      if (text == null) {
        text = context.traceId();
        traceId = text;
      }
      return text;
    }

    @Override
    public String getSpanId() {
      String text = spanId;
      if (text == null) {
        text = context.spanId();
        spanId = text;
      }
      return text;
    }

    @Override
    public TraceFlags getTraceFlags() {
      return flags(context);
    }

    @Override
    public TraceState getTraceState() {
      return state(context.state());
    }

    @Override
    public boolean isRemote() {
      return remote;
    }
  }
}
