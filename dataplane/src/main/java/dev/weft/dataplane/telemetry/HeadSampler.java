package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * The sampling decision of {@code OTEL_TRACES_SAMPLER}. The six samplers that the specification
 * names are decided here on the identifiers' bits, without an object made; any other sampler is
 * asked through the SDK.
 */
final class HeadSampler {

  private final @Nullable Sampler foreign;
  private final boolean followsParent;

  /**
   * Traces whose low 63 bits are below this are sampled: as the SDK's TraceIdRatioBased decides.
   */
  private final long threshold;

  private HeadSampler(@Nullable Sampler foreign, boolean followsParent, long threshold) {
    this.foreign = foreign;
    this.followsParent = followsParent;
    this.threshold = threshold;
  }

  static HeadSampler of(TelemetryConfig config, Sampler configured) {
    String name = config.otel("otel.traces.sampler");
    switch (name == null ? "parentbased_always_on" : name) {
      case "always_on":
        return new HeadSampler(null, false, Long.MAX_VALUE);
      case "always_off":
        return new HeadSampler(null, false, Long.MIN_VALUE);
      case "traceidratio":
        return new HeadSampler(null, false, threshold(config));
      case "parentbased_always_on":
        return new HeadSampler(null, true, Long.MAX_VALUE);
      case "parentbased_always_off":
        return new HeadSampler(null, true, Long.MIN_VALUE);
      case "parentbased_traceidratio":
        return new HeadSampler(null, true, threshold(config));
      default:
        return new HeadSampler(configured, false, 0);
    }
  }

  boolean sample(@Nullable TraceContext parent, TraceContext candidate, SpanKind kind) {
    Sampler asked = foreign;
    if (asked != null) {
      Context context =
          parent == null
              ? Context.root()
              : Context.root().with(Span.wrap(SpanContexts.remote(parent)));
      return asked
              .shouldSample(
                  context,
                  candidate.traceId(),
                  "",
                  kind,
                  Attributes.empty(),
                  Collections.emptyList())
              .getDecision()
          == SamplingDecision.RECORD_AND_SAMPLE;
    }
    if (followsParent && parent != null) {
      return parent.isSampled();
    }
    return threshold == Long.MAX_VALUE || (candidate.traceIdLow() & Long.MAX_VALUE) < threshold;
  }

  private static long threshold(TelemetryConfig config) {
    String argument = config.otel("otel.traces.sampler.arg");
    double ratio = 1;
    if (argument != null) {
      try {
        ratio = Double.parseDouble(argument);
      } catch (NumberFormatException e) {
        config.log().accept("otel.traces.sampler.arg: " + argument + " is not a number, 1 is used");
      }
    }
    if (ratio >= 1) {
      return Long.MAX_VALUE;
    }
    return ratio <= 0 ? Long.MIN_VALUE : (long) (ratio * Long.MAX_VALUE);
  }
}
