package dev.weft.agent.opentelemetry;

import dev.weft.bootstrap.ForeignTracer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.impl.InstrumentationUtil;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The current span of the OpenTelemetry agent, and what can be added to it. Made by the mesh agent,
 * which asks the OpenTelemetry agent for its loader of extensions: that works in whatever order the
 * two have come. Thread-safe.
 */
public final class MeshBridge extends ForeignTracer {

  private final boolean hides = canHide();

  /** For the mesh agent, which makes it by name. */
  public MeshBridge() {}

  /** The class is not part of the stable API, and earlier agents have it elsewhere. */
  private static boolean canHide() {
    try {
      return !InstrumentationUtil.shouldSuppressInstrumentation(Context.root());
    } catch (LinkageError e) {
      return false;
    }
  }

  @Override
  public @Nullable Object current() {
    Span span = Span.current();
    return span.getSpanContext().isValid() ? span : null;
  }

  @Override
  public String traceparent(Object span) {
    SpanContext context = ((Span) span).getSpanContext();
    return "00-"
        + context.getTraceId()
        + "-"
        + context.getSpanId()
        + "-"
        + context.getTraceFlags().asHex();
  }

  @Override
  public @Nullable String tracestate(Object span) {
    StringBuilder text = new StringBuilder();
    ((Span) span)
        .getSpanContext()
        .getTraceState()
        .forEach(
            (key, value) -> {
              if (text.length() > 0) {
                text.append(',');
              }
              text.append(key).append('=').append(value);
            });
    return text.length() == 0 ? null : text.toString();
  }

  @Override
  public boolean isRecording(Object span) {
    return ((Span) span).isRecording();
  }

  @Override
  public void attributes(Object span, Map<String, ?> attributes) {
    Span to = (Span) span;
    if (to.isRecording()) {
      to.setAllAttributes(converted(attributes));
    }
  }

  @Override
  public void event(Object span, String name, Map<String, ?> attributes) {
    Span to = (Span) span;
    if (to.isRecording()) {
      to.addEvent(name, converted(attributes));
    }
  }

  private static Attributes converted(Map<String, ?> attributes) {
    AttributesBuilder out = Attributes.builder();
    attributes.forEach(
        (key, value) -> {
          if (value instanceof Long) {
            out.put(key, (Long) value);
          } else {
            out.put(key, String.valueOf(value));
          }
        });
    return out.build();
  }

  @Override
  protected Runnable carried(Runnable task) {
    return Context.current().wrap(task);
  }

  @Override
  protected Runnable hidden(Runnable task) {
    return hides ? () -> InstrumentationUtil.suppressInstrumentation(task) : task;
  }
}
