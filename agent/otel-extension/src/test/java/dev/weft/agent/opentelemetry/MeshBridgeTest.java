package dev.weft.agent.opentelemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bootstrap.ForeignTracer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.impl.InstrumentationUtil;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bridge on OpenTelemetry's own SDK. */
class MeshBridgeTest {
  private final MeshBridge bridge = new MeshBridge();
  // Without a processor the SDK makes no real spans.
  private final Span span =
      SdkTracerProvider.builder()
          .addSpanProcessor(SimpleSpanProcessor.create(SpanExporter.composite()))
          .build()
          .get("test")
          .spanBuilder("GET")
          .startSpan();

  @Test
  void outsideOfASpanThereIsNone() {
    assertThat(bridge.current()).isNull();
  }

  @Test
  void writesThePositionAsW3cDoes() {
    Span remote =
        Span.wrap(
            SpanContext.createFromRemoteParent(
                "0af7651916cd43dd8448eb211c80319c",
                "b7ad6b7169203331",
                TraceFlags.getSampled(),
                TraceState.builder().put("b", "2").put("a", "1").build()));
    assertThat(bridge.traceparent(remote))
        .isEqualTo("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    assertThat(bridge.tracestate(remote)).isEqualTo("a=1,b=2");
    assertThat(bridge.tracestate(span)).isNull();
    assertThat(bridge.isRecording(remote)).isFalse();
  }

  @Test
  void addsToASpanUntilItEnds() {
    inSpan(() -> assertThat(bridge.current()).isSameAs(span));
    bridge.attributes(span, Collections.singletonMap("weft.route", "v2"));
    bridge.attributes(span, Collections.singletonMap("weft.attempts", 3L));
    bridge.event(span, "weft.retry", Collections.singletonMap("weft.attempt", 1L));
    span.end();
    bridge.attributes(span, Collections.singletonMap("weft.route", "late"));
    ReadableSpan made = (ReadableSpan) span;
    assertThat(made.getAttribute(AttributeKey.stringKey("weft.route"))).isEqualTo("v2");
    assertThat(made.getAttribute(AttributeKey.longKey("weft.attempts"))).isEqualTo(3);
    assertThat(made.toSpanData().getEvents()).hasSize(1);
    assertThat(bridge.isRecording(span)).isFalse();
  }

  @Test
  void carriesTheSpanAndHidesCalls() {
    List<Object> seen = new ArrayList<>();
    ForeignTracer.install(bridge);
    List<Runnable> carried = new ArrayList<>();
    inSpan(() -> carried.add(ForeignTracer.carry(() -> seen.add(Span.current()))));
    carried.get(0).run();
    ForeignTracer.hide(
            () -> seen.add(InstrumentationUtil.shouldSuppressInstrumentation(Context.current())))
        .run();
    assertThat(seen).containsExactly(span, true);
  }

  private void inSpan(Runnable task) {
    Context.current().with(span).wrap(task).run();
  }
}
