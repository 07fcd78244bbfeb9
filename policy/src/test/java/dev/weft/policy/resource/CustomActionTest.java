package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AuthorizationPolicy of action CUSTOM, judged as Istio judges it. */
class CustomActionTest {
  private static ReadResult read(String version, String spec) {
    return ResourceReader.read(
        "test",
        "apiVersion: security.istio.io/"
            + version
            + "\nkind: AuthorizationPolicy\nmetadata: {name: a, namespace: shop}\nspec: "
            + spec,
        "default");
  }

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v1beta1"})
  void namesItsProvider(String version) {
    ReadResult read =
        read(
            version,
            "{action: CUSTOM, provider: {name: authz}, rules: [{to: [{operation: {paths: [/a]}}]}]}");
    assertThat(read.problems()).isEmpty();
    AuthorizationPolicy policy = read.resources().get(0).spec(AuthorizationPolicySpec.class).policy;
    assertThat(policy.action).isEqualTo(AuthorizationPolicy.Action.CUSTOM);
    assertThat(policy.provider).isEqualTo("authz");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{action: CUSTOM, rules: [{}]} | spec.provider: is required with CUSTOM",
        "{action: CUSTOM, provider: {}, rules: [{}]} | spec.provider: is required with CUSTOM",
        "{action: CUSTOM, provider: {name: ''}, rules: [{}]} | spec.provider.name",
        "{action: CUSTOM, provider: {name: a}} | spec.rules: is required with CUSTOM",
        "{action: DENY, provider: {name: a}, rules: [{}]} | is for the action CUSTOM only",
      })
  void whatItNeedsIsAskedFor(String spec, String problem) {
    assertThat(read("v1", spec).problems().toString()).contains(problem);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "principals",
        "notPrincipals",
        "namespaces",
        "notNamespaces",
        "serviceAccounts",
        "notServiceAccounts",
        "requestPrincipals",
        "notRequestPrincipals"
      })
  void sourcesThatIstioDoesNotTakeAreRefused(String field) {
    String from = "[{from: [{source: {" + field + ": [x]}}]}]";
    assertThat(
            read("v1", "{action: CUSTOM, provider: {name: a}, rules: " + from + "}")
                .problems()
                .toString())
        .contains("rules[0].from[0].source." + field + ": cannot stand in a rule of action CUSTOM");
    assertThat(read("v1", "{action: DENY, rules: " + from + "}").problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "source.namespace",
        "source.principal",
        "source.serviceAccount",
        "request.auth.principal",
        "request.auth.claims[a]"
      })
  void conditionsThatIstioDoesNotTakeAreRefused(String key) {
    String when = "[{when: [{key: '" + key + "', values: [x]}]}]";
    assertThat(
            read("v1", "{action: CUSTOM, provider: {name: a}, rules: " + when + "}")
                .problems()
                .toString())
        .contains("cannot stand in a rule of action CUSTOM");
  }

  @Test
  void whatSaysNothingOfAnIdentityIsTaken() {
    assertThat(
            read(
                    "v1",
                    "{action: CUSTOM, provider: {name: a}, rules: [{from: [{source: {ipBlocks:"
                        + " [10.0.0.0/8]}}], when: [{key: 'request.headers[x]', values: [gold]}]}]}")
                .problems())
        .isEmpty();
  }
}
