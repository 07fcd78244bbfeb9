package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Policies that are attached by reference. */
class PolicyTargetsTest {
  private static ReadResult read(String kind, String spec) {
    String group = kind.equals("Telemetry") ? "telemetry" : "security";
    return ResourceReader.read(
        "test",
        "apiVersion: "
            + group
            + ".istio.io/v1\nkind: "
            + kind
            + "\nmetadata: {name: a}\nspec: "
            + spec,
        "shop");
  }

  private static AuthorizationPolicySpec policy(String spec) {
    ReadResult read = read("AuthorizationPolicy", spec);
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(AuthorizationPolicySpec.class);
  }

  @Test
  void servicesAreNamedOneOrMany() {
    assertThat(policy("{targetRef: {kind: Service, name: orders}}").targets)
        .containsExactly("orders");
    assertThat(
            policy(
                    "{targetRefs: [{group: core, kind: Service, name: a}, {group: '', kind:"
                        + " Service, name: b, namespace: ''}]}")
                .targets)
        .containsExactlyInAnyOrder("a", "b");
    assertThat(policy("{targetRefs: []}").targets).isNull();
    assertThat(policy("{selector: {matchLabels: {a: b}}}").targets).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "gateway.networking.k8s.io, Gateway",
    "gateway.networking.k8s.io, GatewayClass",
    "networking.istio.io, ServiceEntry"
  })
  void whatOnlyProxiesAnswerForIsAcceptedWithAWarningAndSelectsNobody(String group, String kind) {
    for (String each : new String[] {"AuthorizationPolicy", "RequestAuthentication", "Telemetry"}) {
      ReadResult read =
          read(each, "{targetRef: {group: " + group + ", kind: " + kind + ", name: a}}");
      assertThat(read.accepted()).isTrue();
      assertThat(read.resources().get(0).warnings())
          .singleElement()
          .satisfies(warning -> assertThat(warning.field).isEqualTo("spec.targetRef.kind"));
    }
    assertThat(policy("{targetRef: {group: " + group + ", kind: " + kind + ", name: a}}").targets)
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{targetRef: {kind: Service}}",
        "{targetRef: {kind: Service, name: ''}}",
        "{targetRef: {name: a}}",
        "{targetRef: {group: wrong, kind: Service, name: a}}",
        "{targetRef: {kind: Gateway, name: a}}",
        "{targetRef: {kind: Service, name: a, namespace: web}}",
        "{targetRef: {kind: Service, name: a}, selector: {}}",
        "{targetRef: {kind: Service, name: a}, targetRefs: [{kind: Service, name: a}]}"
      })
  void whatIstioDoesNotTakeIsRefused(String spec) {
    for (String each : new String[] {"AuthorizationPolicy", "RequestAuthentication", "Telemetry"}) {
      assertThat(read(each, spec).accepted()).as(each).isFalse();
    }
  }
}
