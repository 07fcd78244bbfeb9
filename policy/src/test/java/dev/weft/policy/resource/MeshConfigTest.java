package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MeshConfigTest {
  private static ReadResult read(String... lines) {
    String head =
        "apiVersion: weft.dev/v1alpha1\nkind: MeshConfig\nmetadata: {name: mesh}\nspec:\n  ";
    return ResourceReader.read("mesh.yaml", head + String.join("\n  ", lines), "istio-system");
  }

  private static String told(List<Problem> problems) {
    return problems.stream()
        .map(p -> p.mark.line + ":" + p.mark.column + " " + p.field + " " + p.message)
        .collect(Collectors.joining("\n"));
  }

  private static void refused(String expected, String... lines) {
    ReadResult result = read(lines);
    assertThat(result.resources()).isEmpty();
    assertThat(told(result.problems())).contains(expected);
  }

  @Test
  void readsEveryField() {
    ReadResult result =
        read(
            "trustDomain: cluster.local",
            "outboundTrafficPolicy: {mode: REGISTRY_ONLY}",
            "connectTimeout: 3s",
            "defaultHttpTimeout: 15s",
            "defaultHttpRetryPolicy: {attempts: 4, perTryTimeout: 2s, retryOn: '5xx,503'}",
            "accessLogFile: /dev/stdout",
            "accessLogEncoding: JSON",
            "extensionProviders:",
            "- name: authz",
            "  envoyExtAuthzHttp:",
            "    service: shop/authz.shop.svc.cluster.local",
            "    port: 8000",
            "    timeout: 500ms",
            "    pathPrefix: /check",
            "    failOpen: true",
            "    statusOnError: \"503\"",
            "    headersToUpstreamOnAllow: [x-user]",
            "    headersToDownstreamOnAllow: [set-cookie, x-quota-*]",
            "    headersToDownstreamOnDeny: [www-authenticate]",
            "    includeRequestHeadersInCheck: [cookie, x-*, '*-id']",
            "    includeAdditionalHeadersInCheck: {x-mesh: weft}",
            "    includeRequestBodyInCheck: {maxRequestBytes: 8192, allowPartialMessage: true}",
            "- {name: prom, prometheus: {}}",
            "- {name: otel, opentelemetry: {service: otel.obs.svc, port: 4317, maxTagLength: 99}}",
            "- {name: file, envoyFileAccessLog: {path: /dev/stdout}}");
    assertThat(result.problems()).isEmpty();
    MeshConfigSpec spec = result.resources().get(0).spec(MeshConfigSpec.class);
    assertThat(spec.trustDomain).isEqualTo("cluster.local");
    assertThat(spec.outbound).isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
    assertThat(spec.connectTimeoutMillis).isEqualTo(3_000);
    assertThat(spec.timeoutMillis).isEqualTo(15_000);
    assertThat(spec.retries.attempts).isEqualTo(4);
    assertThat(spec.retries.retryOn).containsExactly("5xx");
    assertThat(spec.telemetry().server.log).isEqualTo(TelemetrySide.Log.ON);
    assertThat(spec.providers)
        .extracting(provider -> provider.name + " " + provider.kind)
        .containsExactly("authz EXT_AUTHZ_HTTP", "prom METRICS", "otel TRACING", "file ACCESS_LOG");
    ExternalAuthorizer authz = spec.provider("authz").extAuthzHttp;
    assertThat(authz.name).isEqualTo("authz");
    assertThat(authz.host + ":" + authz.port).isEqualTo("shop/authz.shop.svc.cluster.local:8000");
    assertThat(authz.timeoutMillis).isEqualTo(500);
    assertThat(authz.pathPrefix + authz.statusOnError + authz.failOpen).isEqualTo("/check503true");
    assertThat(authz.headersToUpstreamOnAllow).containsExactly("x-user");
    assertThat(authz.headersToDownstreamOnAllow).containsExactly("set-cookie", "x-quota-*");
    assertThat(authz.headersToDownstreamOnDeny).containsExactly("www-authenticate");
    assertThat(authz.includeRequestHeadersInCheck).containsExactly("cookie", "x-*", "*-id");
    assertThat(authz.includeAdditionalHeadersInCheck).containsEntry("x-mesh", "weft");
    assertThat(authz.maxRequestBytes + " " + authz.allowPartialMessage).isEqualTo("8192 true");
    assertThat(spec.provider("nobody")).isNull();
  }

  @Test
  void saysWhatIsAcceptedAndHasNoEffect() {
    ReadResult result =
        read("extensionProviders: [{name: o, opentelemetry: {service: otel, port: 4317}}]");
    assertThat(result.accepted()).isTrue();
    assertThat(told(result.resources().get(0).warnings()))
        .isEqualTo(
            "5:50 spec.extensionProviders[0].opentelemetry.service has no effect:"
                + " OTEL_EXPORTER_OTLP_ENDPOINT says where to\n"
                + "5:65 spec.extensionProviders[0].opentelemetry.port has no effect:"
                + " OTEL_EXPORTER_OTLP_ENDPOINT says where to");
    String authz = "extensionProviders: [{name: a, envoyExtAuthzHttp: {service: a, port: 1, ";
    ReadResult packed =
        read(authz + "includeRequestBodyInCheck: {maxRequestBytes: 1, packAsBytes: true}}}]");
    assertThat(told(packed.resources().get(0).warnings()))
        .contains("packAsBytes has no effect: an authorizer over HTTP gets the bytes as they are");
    assertThat(read("connectTimeout: 1s").resources().get(0).warnings()).isEmpty();
  }

  @Test
  void refusesWhatItDoesNotCarryOut() {
    refused("must have one of envoyExtAuthzHttp", "extensionProviders: [{name: a}]");
    refused(
        "must have one of", "extensionProviders: [{name: a, prometheus: {}, opentelemetry: {}}]");
    refused(
        "[1].name is there twice",
        "extensionProviders: [{name: a, prometheus: {}}, {name: a, prometheus: {}}]");
    refused(
        "in quotes",
        "extensionProviders:",
        "- name: a",
        "  envoyExtAuthzHttp:",
        "    {service: a, port: 1, statusOnError: 503}");
    String authz = "extensionProviders: [{name: a, envoyExtAuthzHttp: {service: a, port: 1, ";
    refused("must be more than *", authz + "headersToUpstreamOnAllow: ['*']}}]");
    refused(
        "must have * at its beginning or its end", authz + "headersToUpstreamOnAllow: [a*b]}}]");
    refused(
        "must have visible characters",
        authz + "includeAdditionalHeadersInCheck: {a: \"b\\r\\nc: d\"}}}]");
    refused("must be a path that begins with /", authz + "pathPrefix: check}}]");
    refused(
        "includeRequestBodyInCheck.maxRequestBytes is required",
        authz + "includeRequestBodyInCheck: {}}}]");
    for (String bytes : new String[] {"0", "-1", "16777217", "many"}) {
      refused(
          "includeRequestBodyInCheck.maxRequestBytes must be",
          authz + "includeRequestBodyInCheck: {maxRequestBytes: " + bytes + "}}}]");
    }
    refused(
        "envoyExtAuthzGrpc asking an authorizer over gRPC (envoyExtAuthzHttp asks one over HTTP): not"
            + " in force",
        "extensionProviders: [{name: a, envoyExtAuthzGrpc: {service: a, port: 1}}]");
    refused("rootNamespace another root namespace", "rootNamespace: mesh");
    refused("accessLogFile must be /dev/stdout", "accessLogFile: /var/log/x");
    refused("accessLogEncoding TEXT (lines of text): not in force", "accessLogEncoding: TEXT");
    refused("attempts must be at least 1", "defaultHttpRetryPolicy: {perTryTimeout: 1s}");
  }
}
