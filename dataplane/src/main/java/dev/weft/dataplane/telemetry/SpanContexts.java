package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import org.jspecify.annotations.Nullable;

/** Our trace positions as the SDK's. */
final class SpanContexts {

  private SpanContexts() {}

  static SpanContext local(TraceContext context) {
    return SpanContext.create(
        context.traceId(), context.spanId(), flags(context), state(context.state()));
  }

  static SpanContext remote(@Nullable TraceContext context) {
    return context == null
        ? SpanContext.getInvalid()
        : SpanContext.createFromRemoteParent(
            context.traceId(), context.spanId(), flags(context), state(context.state()));
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
}
