package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.Rule;
import org.junit.jupiter.api.Test;

/** What becomes of the fields of an AuthorizationPolicy: each is where agents look for it. */
final class AuthorizationPolicyTest {
  @Test
  void eachFieldOfASourceIsReadByItself() {
    String accounts = "{serviceAccounts: [a, b/c], notServiceAccounts: [d, e/f]}";
    assertThat(rule("from: [{source: " + accounts + "}]").from.get(0).toString())
        .contains("[shop/a, b/c], [shop/d, e/f]");
    assertThat(
            rule("from: [{source: {principals: [a], notPrincipals: [b], namespaces: [c],"
                    + " notNamespaces: [d], ipBlocks: [10.0.0.1], notIpBlocks: [10.0.0.2],"
                    + " remoteIpBlocks: [10.0.0.3], notRemoteIpBlocks: [10.0.0.4],"
                    + " requestPrincipals: [e], notRequestPrincipals: [f], trustDomains: [g],"
                    + " notTrustDomains: [h]}}]")
                .from
                .get(0))
        .hasToString(
            "Source[[a], [b], [c], [d], [], [], [10.0.0.1], [10.0.0.2], [e], [f], [g], [h],"
                + " [10.0.0.3], [10.0.0.4]]");
  }

  @Test
  void eachFieldOfAnOperationAndAConditionIsReadByItself() {
    Rule rule =
        rule(
            "to: [{operation: {hosts: [a], notHosts: [b], ports: ['1'], notPorts: ['2'],"
                + " methods: [GET], notMethods: [PUT], paths: [/c], notPaths: [/d]}}],"
                + " when: [{key: 'request.headers[x]', values: [e], notValues: [f]}]");
    assertThat(rule.to.get(0))
        .hasToString("Operation[[a], [b], [1], [2], [GET], [PUT], [/c], [/d]]");
    assertThat(rule.when.get(0)).hasToString("Condition[request.headers[x], [e], [f]]");
  }

  @Test
  void conditionsOnTheConnectionAreReadAndTheirAddressesChecked() {
    assertThat(
            rule("when: [{key: connection.sni, values: ['*.shop'], notValues: [a.shop]},"
                    + " {key: destination.ip, values: [10.0.0.0/8], notValues: ['::1']}]")
                .when)
        .hasToString(
            "[Condition[connection.sni, [*.shop], [a.shop]],"
                + " Condition[destination.ip, [10.0.0.0/8], [::1]]]");
    assertThat(read("when: [{key: destination.ip, notValues: [orders.shop]}]").problems())
        .singleElement()
        .asString()
        .contains("spec.rules[0].when[0].notValues[0]", "orders.shop");
    assertThat(read("when: [{key: destination.ip, values: []}]").problems()).isNotEmpty();
    assertThat(read("when: [{key: 'experimental.envoy.filters.a[b]', values: [c]}]").problems())
        .singleElement()
        .asString()
        .contains("not in force");
  }

  private static ReadResult read(String fields) {
    return ResourceReader.read(
        "a.yaml",
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\n"
            + ("spec: {rules: [{" + fields + "}]}\n"),
        "shop");
  }

  private static Rule rule(String fields) {
    ReadResult read = read(fields);
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(AuthorizationPolicySpec.class).policy.rules.get(0);
  }
}
