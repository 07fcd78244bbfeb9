package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.TelemetryPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class TelemetryKindTest {
  private static ReadResult read(String... lines) {
    String head =
        "apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: t}\nspec:\n  ";
    return ResourceReader.read("telemetry.yaml", head + String.join("\n  ", lines), "shop");
  }

  private static String told(List<Problem> problems) {
    return problems.stream()
        .map(
            p -> p.mark.line + ":" + p.mark.column + " " + p.code + " " + p.field + " " + p.message)
        .collect(Collectors.joining("\n"));
  }

  private static TelemetryPolicy accepted(TelemetryPolicy before, String... lines) {
    ReadResult result = read(lines);
    assertThat(result.problems()).isEmpty();
    return result.resources().get(0).spec(TelemetrySpec.class).over(before);
  }

  private static void refused(String expected, String... lines) {
    ReadResult result = read(lines);
    assertThat(result.resources()).isEmpty();
    assertThat(told(result.problems())).contains(expected);
  }

  @Test
  void readsEveryField() {
    TelemetryPolicy policy =
        accepted(
            TelemetryPolicy.builder().build(),
            "selector: {matchLabels: {app: orders}}",
            "tracing:",
            "- randomSamplingPercentage: 12.5",
            "  disableContextPropagation: true",
            "  customTags:",
            "    a: {literal: {value: x}}",
            "    b: {environment: {name: HOME, defaultValue: w}}",
            "    c: {header: {name: X-Tenant, defaultValue: z}}",
            "- match: {mode: CLIENT}",
            "  disableSpanReporting: true",
            "metrics:",
            "- overrides:",
            "  - match: {metric: REQUEST_DURATION, mode: SERVER}",
            "    disabled: true",
            "  - match: {metric: ALL_METRICS, mode: CLIENT}",
            "    tagOverrides:",
            "      route: {operation: REMOVE}",
            "      method: {operation: UPSERT, value: request.method}",
            "accessLogging:",
            "- match: {mode: SERVER}",
            "  filter: {expression: response.code >= 500}",
            "- match: {mode: CLIENT}",
            "  disabled: true");
    TelemetrySide client = policy.client;
    TelemetrySide server = policy.server;
    assertThat(client.samplingPercent).isEqualTo(12.5);
    assertThat(server.samplingPercent).isEqualTo(12.5);
    assertThat(client.spans).isFalse();
    assertThat(server.spans).isTrue();
    assertThat(client.propagation).isFalse();
    assertThat(client.tags)
        .hasToString(
            "[SpanTag[a, LITERAL, x, null], SpanTag[b, ENVIRONMENT, HOME, w],"
                + " SpanTag[c, HEADER, X-Tenant, z]]");
    assertThat(server.disabledMetrics).containsExactly("REQUEST_DURATION");
    assertThat(client.disabledMetrics).isEmpty();
    assertThat(client.metricTags)
        .hasToString(
            "[MetricTag[REQUEST_COUNT, route, null], MetricTag[REQUEST_COUNT, method,"
                + " request.method], MetricTag[REQUEST_DURATION, route, null],"
                + " MetricTag[REQUEST_DURATION, method, request.method]]");
    assertThat(server.metricTags).isEmpty();
    assertThat(client.log).isEqualTo(TelemetrySide.Log.OFF);
    assertThat(server.log).isEqualTo(TelemetrySide.Log.ON);
    assertThat(server.logFilter).isEqualTo("response.code >= 500");
  }

  @Test
  void saysOnlyWhatItSays() {
    TelemetryPolicy mesh =
        accepted(
            TelemetryPolicy.builder().build(),
            "tracing: [{randomSamplingPercentage: 10, customTags: {a: {literal: {value: x}}}}]",
            "metrics: [{overrides: [{disabled: true}]}]",
            "accessLogging: [{filter: {expression: response.code > 1}}]");
    assertThat(mesh.server.disabledMetrics).containsExactly("REQUEST_COUNT", "REQUEST_DURATION");
    assertThat(accepted(mesh, "tracing: []")).isEqualTo(mesh);
    TelemetryPolicy closer =
        accepted(
            mesh,
            "tracing: [{customTags: {b: {literal: {value: w}}}}]",
            "metrics: [{overrides: [{match: {metric: REQUEST_COUNT}, disabled: false}]}]",
            "accessLogging: [{disabled: true}]");
    assertThat(closer.client.samplingPercent).isEqualTo(10);
    assertThat(closer.client.tags).extracting(tag -> tag.name).containsExactly("b");
    assertThat(closer.client.disabledMetrics).containsExactly("REQUEST_DURATION");
    assertThat(closer.client.log).isEqualTo(TelemetrySide.Log.OFF);
  }

  @Test
  void tellsWhatHasNoEffect() {
    ReadResult result =
        read(
            "tracing: [{providers: [{name: otel}], useRequestIdForTraceSampling: true,"
                + " enableIstioTags: true}]",
            "metrics:",
            "- reportingInterval: 5s",
            "  providers: [{name: prometheus}]",
            "  overrides: [{match: {metric: TCP_SENT_BYTES}}, {match: {customMetric: foo}}]",
            "accessLogging: [{providers: [{name: envoy}]}]");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources().get(0).warnings())
        .extracting(warning -> warning.field)
        .containsExactlyInAnyOrder(
            "spec.tracing[0].providers",
            "spec.tracing[0].useRequestIdForTraceSampling",
            "spec.tracing[0].enableIstioTags",
            "spec.metrics[0].reportingInterval",
            "spec.metrics[0].providers",
            "spec.metrics[0].overrides[0].match.metric",
            "spec.metrics[0].overrides[1].match.customMetric",
            "spec.accessLogging[0].providers");
  }

  @Test
  void refusesWhatIsWrongOrNotCarriedOut() {
    refused(
        "INVALID spec.tracing[0].randomSamplingPercentage",
        "tracing: [{randomSamplingPercentage: 101}]");
    refused("INVALID spec.tracing[0].customTags.a", "tracing: [{customTags: {a: }}]");
    refused(
        "NOT_IN_FORCE spec.tracing[0].customTags.a.formatter",
        "tracing: [{customTags: {a: {formatter: {value: x}}}}]");
    refused("INVALID spec.tracing[0].providers[0].name", "tracing: [{providers: [{name: ''}]}]");
    refused(
        "INVALID spec.metrics[0].overrides[0].tagOverrides.a.value is required",
        "metrics: [{overrides: [{tagOverrides: {a: {operation: UPSERT}}}]}]");
    refused(
        "INVALID spec.metrics[0].overrides[0].tagOverrides.a.value must not",
        "metrics: [{overrides: [{tagOverrides: {a: {operation: REMOVE, value: '1'}}}]}]");
    refused(
        "NOT_IN_FORCE spec.metrics[0].overrides[0].tagOverrides.a.value the attribute some",
        "metrics: [{overrides: [{tagOverrides: {a: {value: some-cel}}}]}]");
    refused(
        "INVALID spec.accessLogging[0].filter.expression must have",
        "accessLogging: [{filter: {expression: response.code ==}}]");
    refused("INVALID spec.targetRef.kind must be", "targetRef: {kind: Pod, name: a}");
    refused(
        "INVALID spec.selector must not stand",
        "selector: {}",
        "targetRef: {kind: Service, name: a}");
  }
}
