package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A concluded exchange as a span. */
final class ExchangeSpan extends FinishedSpan {

  private final Exchange exchange;
  private final int maxValueLength;

  ExchangeSpan(Exchange exchange, TraceContext context, Resource resource, int maxValueLength) {
    super(context, exchange.parent, resource);
    this.exchange = exchange;
    this.maxValueLength = maxValueLength;
  }

  @Override
  public String getName() {
    // The route's name is bounded by policy; a path is not, and the conventions forbid it here.
    String method = SpanAttributes.knownMethod(exchange.method);
    return method == null ? "HTTP" : method;
  }

  @Override
  public SpanKind getKind() {
    return SdkTracing.kind(exchange.direction);
  }

  @Override
  boolean failed() {
    boolean client = exchange.direction == Exchange.Direction.OUTBOUND;
    return exchange.errorType != null || exchange.status >= (client ? 400 : 500);
  }

  @Override
  public long getStartEpochNanos() {
    return exchange.startEpochNanos;
  }

  @Override
  long durationNanos() {
    return exchange.durationNanos;
  }

  @Override
  Attributes attributes() {
    return SpanAttributes.of(exchange, maxValueLength);
  }

  @Override
  public List<EventData> getEvents() {
    List<Exchange.Retry> retries = exchange.retries();
    if (retries.isEmpty()) {
      return Collections.emptyList();
    }
    List<EventData> events = new ArrayList<>();
    for (Exchange.Retry retry : retries) {
      events.add(EventData.create(retry.epochNanos, "weft.retry", SpanAttributes.ofRetry(retry)));
    }
    return Collections.unmodifiableList(events);
  }

  @Override
  public int getTotalRecordedEvents() {
    return exchange.retries().size();
  }
}
