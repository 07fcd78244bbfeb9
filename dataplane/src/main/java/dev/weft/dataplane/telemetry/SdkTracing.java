package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SpanLimits;
import io.opentelemetry.sdk.trace.SpanProcessor;
import org.jspecify.annotations.Nullable;

/**
 * Hands concluded exchanges to the SDK's span processors, whose queue is bounded and whose threads
 * do the rest.
 */
final class SdkTracing implements Tracing {

  private final SpanProcessor processor;
  private final HeadSampler sampler;
  private final Resource resource;
  private final int maxValueLength;

  SdkTracing(SpanProcessor processor, HeadSampler sampler, Resource resource, SpanLimits limits) {
    this.processor = processor;
    this.sampler = sampler;
    this.resource = resource;
    this.maxValueLength = limits.getMaxAttributeValueLength();
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public boolean sample(
      @Nullable TraceContext parent, TraceContext candidate, Exchange.Direction direction) {
    return sampler.sample(parent, candidate, kind(direction));
  }

  @Override
  public void export(Exchange exchange) {
    TraceContext context = exchange.context;
    if (context != null) {
      processor.onEnd(new ExchangeSpan(exchange, context, resource, maxValueLength));
    }
  }

  @Override
  public void export(DatabaseActivity activity) {
    TraceContext context = activity.context;
    if (context != null) {
      processor.onEnd(new DatabaseSpan(activity, context, resource, maxValueLength));
    }
  }

  static SpanKind kind(Exchange.Direction direction) {
    return direction == Exchange.Direction.OUTBOUND ? SpanKind.CLIENT : SpanKind.SERVER;
  }
}
