package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.JwtKey;
import dev.weft.policy.snapshot.JwtRule;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an inbound policy says of tokens, and of policies that are only tried. */
class JwtRulesTest extends MeshUnderTest {
  private static final JwtKey KEY =
      JwtKey.builder().id("k").first("n").second("AQAB").algorithm("RS256").build();

  private static String resource(String namespace, String name, String spec) {
    return """
        apiVersion: security.istio.io/v1
        kind: RequestAuthentication
        metadata: {name: %s, namespace: %s}
        spec: %s
        """
        .formatted(name, namespace, spec);
  }

  @Test
  void rulesOfAllResourcesThatSelectTheWorkloadAreOneListInTheOrderOfIssuers() {
    apply(resource("shop", "own", "{jwtRules: [{issuer: b}, {issuer: d}]}"));
    apply(resource("istio-system", "mesh", "{jwtRules: [{issuer: c}]}"));
    apply(resource("shop", "app", "{selector: {matchLabels: {app: x}}, jwtRules: [{issuer: a}]}"));
    apply(resource("other", "other", "{jwtRules: [{issuer: z}]}"));
    assertThat(compile("shop", Map.of()).inbound.jwtRules)
        .extracting(rule -> rule.issuer)
        .containsExactly("b", "c", "d");
    assertThat(compile("shop", Map.of("app", "x")).inbound.jwtRules)
        .extracting(rule -> rule.issuer + " " + rule.policy)
        .containsExactly("a shop/app", "b shop/own", "c istio-system/mesh", "d shop/own");
    assertThat(compile("none", Map.of()).inbound.jwtRules).hasSize(1);
  }

  @Test
  void keysAreInlineOrFromWhereTheyWereFetched() {
    keys.put("https://a/keys", List.of(KEY));
    keys.put("https://b/.well-known/openid-configuration of https://b/", List.of(KEY, KEY));
    apply(
        resource(
            "shop",
            "ra",
            """
            {jwtRules: [
              {issuer: a, jwksUri: "https://a/keys"},
              {issuer: "https://b/"},
              {issuer: c, jwks: '{"keys":[{"kty":"RSA","n":"x","e":"AQAB","d":"secret","kid":"i"},
                {"kty":"oct","k":"secret"},{"kty":"RSA","n":"y","e":"AQAB","use":"enc"}]}'},
              {issuer: d, jwksUri: "https://unknown/keys"}]}
            """));
    List<JwtRule> rules = compile("shop", Map.of()).inbound.jwtRules;
    assertThat(rules).extracting(rule -> rule.issuer).containsExactly("a", "c", "d", "https://b/");
    assertThat(rules).extracting(rule -> rule.keys.size()).containsExactly(1, 1, 0, 2);
    assertThat(rules.get(1).keys.get(0).id).isEqualTo("i");
    assertThat(rules.toString()).doesNotContain("secret");
  }

  @Test
  void anAuthorizationPolicyOnDryRunGoesOutAsSuch() {
    apply(
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: a, namespace: shop, annotations: {istio.io/dry-run: "true"}}
        spec: {action: DENY, rules: [{}]}
        ---
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: b, namespace: shop, annotations: {istio.io/dry-run: "false"}}
        spec: {action: DENY, rules: [{}]}
        """);
    assertThat(compile("shop", Map.of()).inbound.authorization)
        .extracting(policy -> policy.name + policy.dryRun)
        .containsExactly("atrue", "bfalse");
  }
}
