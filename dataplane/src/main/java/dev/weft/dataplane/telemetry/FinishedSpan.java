package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that is over as the SDK's finished span (docs/adr/0040). The thread of the request
 * makes this one object; attributes and texts are made when the exporter's thread asks.
 */
abstract class FinishedSpan implements ReadableSpan, SpanData {

  private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("dev.weft");

  private final SpanContext context;
  private final SpanContext parent;
  private final Resource resource;
  private @Nullable Attributes attributes;

  FinishedSpan(TraceContext context, @Nullable TraceContext parent, Resource resource) {
    this.context = SpanContexts.local(context);
    this.parent = SpanContexts.remote(parent);
    this.resource = resource;
  }

  /** Makes the attributes; called once. */
  abstract Attributes attributes();

  abstract boolean failed();

  abstract long durationNanos();

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
    return failed() ? StatusData.error() : StatusData.unset();
  }

  @Override
  public long getEndEpochNanos() {
    return getStartEpochNanos() + durationNanos();
  }

  @Override
  public long getLatencyNanos() {
    return durationNanos();
  }

  @Override
  public Attributes getAttributes() {
    Attributes made = attributes;
    if (made == null) {
      made = attributes();
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
    return Collections.emptyList();
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
    return 0;
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
