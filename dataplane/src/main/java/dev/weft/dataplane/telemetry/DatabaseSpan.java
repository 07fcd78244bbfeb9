package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.resources.Resource;

/** A connect or a statement as a span. */
final class DatabaseSpan extends FinishedSpan {

  private final DatabaseActivity activity;
  private final int maxValueLength;

  DatabaseSpan(
      DatabaseActivity activity, TraceContext context, Resource resource, int maxValueLength) {
    super(context, activity.parent, resource);
    this.activity = activity;
    this.maxValueLength = maxValueLength;
  }

  /** As the conventions have it: the summary, else the namespace, else the system. */
  @Override
  public String getName() {
    if (activity.connect) {
      return activity.namespace.isEmpty() ? "CONNECT" : "CONNECT " + activity.namespace;
    }
    if (!activity.summary.isEmpty()) {
      return activity.summary;
    }
    return activity.namespace.isEmpty() ? activity.system : activity.namespace;
  }

  @Override
  public SpanKind getKind() {
    return SpanKind.CLIENT;
  }

  @Override
  boolean failed() {
    return activity.error != null;
  }

  @Override
  public long getStartEpochNanos() {
    return activity.startEpochNanos;
  }

  @Override
  long durationNanos() {
    return activity.durationNanos;
  }

  @Override
  Attributes attributes() {
    return DatabaseAttributes.of(activity, maxValueLength);
  }
}
