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

  private static Rule rule(String fields) {
    ReadResult read =
        ResourceReader.read(
            "a.yaml",
            "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\n"
                + ("spec: {rules: [{" + fields + "}]}\n"),
            "shop");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(AuthorizationPolicySpec.class).policy.rules.get(0);
  }
}
