package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.Source;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestAuthenticationTest {
  private static ReadResult read(String kind, String spec) {
    return ResourceReader.read(
        "a.yaml",
        "apiVersion: security.istio.io/v1\nkind: "
            + kind
            + "\nmetadata: {name: ra, namespace: shop}\nspec: "
            + spec,
        "default");
  }

  private static RequestAuthenticationSpec accepted(String spec) {
    ReadResult read = read("RequestAuthentication", spec);
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0).spec(RequestAuthenticationSpec.class);
  }

  @Test
  void readsEveryField() {
    RequestAuthenticationSpec spec =
        accepted(
            "{selector: {matchLabels: {app: a}}, jwtRules: [{issuer: i, audiences: [a, b],"
                + " jwks_uri: \"https://i/keys\", fromHeaders: [{name: x-a, prefix: \"JWT \"}],"
                + " fromParams: [p], fromCookies: [c], outputPayloadToHeader: x-p,"
                + " outputClaimToHeaders: [{header: x-s, claim: sub}], forwardOriginalToken: true,"
                + " timeout: 7s, spaceDelimitedClaims: [roles]}]}");
    assertThat(spec.selector).containsEntry("app", "a");
    RequestAuthenticationSpec.Issuer issuer = spec.jwtRules.get(0);
    assertThat(issuer.jwksUri).isEqualTo("https://i/keys").isEqualTo(issuer.keySource());
    assertThat(issuer.timeoutMillis).isEqualTo(7000);
    assertThat(issuer.inline).isFalse();
    JwtRule rule = issuer.rule;
    assertThat(rule.policy).isEqualTo("shop/ra");
    assertThat(rule.issuer).isEqualTo("i");
    assertThat(rule.audiences).containsExactly("a", "b");
    assertThat(rule.fromHeaders.get(0).name).isEqualTo("x-a");
    assertThat(rule.fromHeaders.get(0).prefix).isEqualTo("JWT ");
    assertThat(rule.fromParams).containsExactly("p");
    assertThat(rule.fromCookies).containsExactly("c");
    assertThat(rule.outputPayloadToHeader).isEqualTo("x-p");
    assertThat(rule.outputClaimToHeaders.get(0).claim).isEqualTo("sub");
    assertThat(rule.forwardOriginalToken).isTrue();
    assertThat(rule.spaceDelimitedClaims).containsExactly("roles");
  }

  @Test
  void keysAreWhereTheRuleOrTheIssuerSays() {
    List<RequestAuthenticationSpec.Issuer> rules =
        accepted(
                "{jwtRules: [{issuer: \"https://i/\"}, {issuer: \"\", jwksUri: \"http://k\"},"
                    + " {issuer: j, jwks: '{\"kty\":\"RSA\",\"n\":\"x\",\"e\":\"y\"}'}]}")
            .jwtRules;
    assertThat(rules.get(0).keySource()).isEqualTo("https://i/.well-known/openid-configuration");
    assertThat(rules.get(1).keySource()).isEqualTo("http://k");
    assertThat(rules.get(2).inline).isTrue();
    assertThat(rules.get(2).rule.keys).hasSize(1);
    assertThat(Jwks.read(Jwks.write(rules.get(2).rule.keys))).isEqualTo(rules.get(2).rule.keys);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{jwtRules: [{}]} | jwtRules[0].issuer | INVALID",
        "{jwtRules: [{issuer: a, jwksUri: \"ftp://a\"}]} | jwtRules[0].jwksUri | INVALID",
        "{jwtRules: [{issuer: a, jwksUri: \"https://a:b\"}]} | jwtRules[0].jwksUri | INVALID",
        "{jwtRules: [{issuer: a, jwks: secret}]} | jwtRules[0].jwks | INVALID",
        "{jwtRules: [{issuer: a, jwksUri: \"http://a\", jwks: '{\"keys\":[]}'}]} | jwks | INVALID",
        "{jwtRules: [{issuer: a, jwks: '{\"keys\":[{\"kty\":\"oct\"}]}'}]} | jwks | NOT_IN_FORCE",
        "{jwtRules: [{issuer: a, fromHeaders: [{name: \"\"}]}]} | fromHeaders[0].name | INVALID",
        "{jwtRules: [{issuer: a, outputClaimToHeaders: [{header: \":a\", claim: b}]}]} | header"
            + " | INVALID",
        "{targetRef: {kind: Pod, name: a}} | targetRef.kind | INVALID",
        "{selector: {}, targetRefs: [{kind: Service, name: a}]} | selector | INVALID",
      })
  void refusesByName(String spec, String field, Problem.Code code) {
    List<Problem> problems = read("RequestAuthentication", spec).problems();
    assertThat(problems)
        .anySatisfy(
            problem -> {
              assertThat(problem.field).contains(field);
              assertThat(problem.code).isEqualTo(code);
              assertThat(problem.message).doesNotContain("secret");
            });
  }

  @Test
  void authorizationAsksForTokensClientsAndTrustDomains() {
    ReadResult read =
        read(
            "AuthorizationPolicy",
            "{rules: [{from: [{source: {requestPrincipals: [a/b], notRequestPrincipals: [a/c],"
                + " trustDomains: [t], notTrustDomains: [u], remoteIpBlocks: [1.1.1.1],"
                + " notRemoteIpBlocks: [10.0.0.0/8]}}], when:"
                + " [{key: \"request.auth.claims[a][b]\", values: [x]}]}]}");
    assertThat(read.problems()).isEmpty();
    AuthorizationPolicy policy = read.resources().get(0).spec(AuthorizationPolicySpec.class).policy;
    Source source = policy.rules.get(0).from.get(0);
    assertThat(source.requestPrincipals).containsExactly("a/b");
    assertThat(source.notRequestPrincipals).containsExactly("a/c");
    assertThat(source.trustDomains).containsExactly("t");
    assertThat(source.notTrustDomains).containsExactly("u");
    assertThat(source.remoteIpBlocks).containsExactly("1.1.1.1");
    assertThat(source.notRemoteIpBlocks).containsExactly("10.0.0.0/8");
    assertThat(
            read(
                    "AuthorizationPolicy",
                    "{rules: [{when: [{key: \"request.auth.claims[a]b[c]\", values: [x]}]}]}")
                .problems())
        .hasSize(1);
  }
}
