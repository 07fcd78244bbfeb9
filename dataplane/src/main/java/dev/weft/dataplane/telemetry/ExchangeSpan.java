package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A concluded exchange as the SDK's finished span. The request's thread makes this one object;
 * attributes and texts are made when the exporter's thread asks.
 */
final class ExchangeSpan implements ReadableSpan, SpanData {

  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("dev.weft");

  private final Exchange exchange;
  private final SpanContext context;
  private final SpanContext parent;
  private final Resource resource;
  private final int maxValueLength;
  private @Nullable Attributes attributes;

  ExchangeSpan(Exchange exchange, TraceContext context, Resource resource, int maxValueLength) {
    this.exchange = exchange;
    this.context = SpanContexts.local(context);
    this.parent = SpanContexts.remote(exchange.parent);
    this.resource = resource;
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
  public SpanContext getSpanContext() {
    return context;
  }

  @Override
  public SpanContext getParentSpanContext() {
    return parent;
  }

  @Override
  public StatusData getStatus() {
    boolean client = exchange.direction == Exchange.Direction.OUTBOUND;
    boolean error = exchange.errorType != null || exchange.status >= (client ? 400 : 500);
    return error ? StatusData.error() : StatusData.unset();
  }

  @Override
  public long getStartEpochNanos() {
    return exchange.startEpochNanos;
  }

  @Override
  public long getEndEpochNanos() {
    return exchange.startEpochNanos + exchange.durationNanos;
  }

  @Override
  public long getLatencyNanos() {
    return exchange.durationNanos;
  }

  @Override
  public Attributes getAttributes() {
    Attributes made = attributes;
    if (made == null) {
      made = SpanAttributes.of(exchange, maxValueLength);
      attributes = made;
    }
    return made;
  }

  @Override
  public <T> @Nullable T getAttribute(AttributeKey<T> key) {
    return getAttributes().get(key);
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
  public List<LinkData> getLinks() {
    return Collections.emptyList();
  }

  @Override
  public boolean hasEnded() {
    return true;
  }

  @Override
  public int getTotalRecordedEvents() {
    return exchange.retries().size();
  }

  @Override
  public int getTotalRecordedLinks() {
    return 0;
  }

  @Override
  public int getTotalAttributeCount() {
    return getAttributes().size();
  }

  @Override
  public SpanData toSpanData() {
    return this;
  }

  @Override
  public InstrumentationScopeInfo getInstrumentationScopeInfo() {
    return SCOPE;
  }

  /** The predecessor of the scope; the interface still demands it. */
  @Override
  @Deprecated
  public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
    return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(SCOPE.getName(), null);
  }

  @Override
  public Resource getResource() {
    return resource;
  }
}
