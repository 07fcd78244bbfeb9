package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.RateLimit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class RateLimitTest {
  private static ReadResult read(String... lines) {
    String head =
        "apiVersion: weft.dev/v1alpha1\nkind: RateLimit\nmetadata: {name: orders}\nspec:\n  ";
    return ResourceReader.read("limit.yaml", head + String.join("\n  ", lines), "shop");
  }

  private static RateLimitSpec accepted(String... lines) {
    ReadResult result = read(lines);
    assertThat(result.problems()).isEmpty();
    return result.resources().get(0).spec(RateLimitSpec.class);
  }

  private static void refused(String expected, String... lines) {
    ReadResult result = read(lines);
    assertThat(result.resources()).isEmpty();
    assertThat(
            result.problems().stream()
                .map(p -> p.mark.line + ":" + p.mark.column + " " + p.field + " " + p.message)
                .collect(Collectors.joining("\n")))
        .contains(expected);
  }

  @Test
  void readsEveryField() {
    RateLimitSpec spec =
        accepted(
            "selector: {matchLabels: {app: orders}}",
            "limits:",
            "- name: tenants",
            "  rules:",
            "  - from: [{source: {notServiceAccounts: [admin]}}]",
            "    to: [{operation: {methods: [POST], paths: [/orders/*]}}]",
            "  by: {identity: true, address: true, path: true, header: x-tenant}",
            "  requests: 90",
            "  per: 1m",
            "  burst: 10",
            "  scope: SHARED",
            "  maxKeys: 500",
            "- {name: all, requests: 50}");
    assertThat(spec.selector).containsEntry("app", "orders");
    assertThat(spec.limits).extracting(limit -> limit.shared).containsExactly(true, false);
    RateLimit tenants = spec.limits.get(0).limit;
    assertThat(tenants.name).isEqualTo("shop/orders/tenants");
    assertThat(tenants.namespace).isEqualTo("shop");
    assertThat(tenants.rules.get(0).from.get(0).notServiceAccounts).containsExactly("shop/admin");
    assertThat(tenants.rules.get(0).to.get(0).paths).containsExactly("/orders/*");
    assertThat(tenants.byIdentity && tenants.byAddress && tenants.byPath).isTrue();
    assertThat(tenants.byHeader).isEqualTo("x-tenant");
    assertThat(tenants.perSecond).isEqualTo(1.5);
    assertThat(tenants.burst).isEqualTo(10);
    assertThat(tenants.maxKeys).isEqualTo(500);
    assertThat(spec.limits.get(1).limit)
        .isEqualTo(
            RateLimit.builder()
                .name("shop/orders/all")
                .namespace("shop")
                .perSecond(50)
                .burst(50)
                .build());
  }

  @Test
  void refusesWhatWouldMeanSomethingElse() {
    refused("spec.limits is required", "selector: {}");
    refused(
        "6:15 spec.limits[0].requests must be a whole number",
        "limits:",
        "- requests: 0",
        "  name: a");
    refused("spec.limits[0].name is required", "limits: [{requests: 1}]");
    refused("spec.limits[0].per must be at most 24h", "limits: [{name: a, requests: 1, per: 25h}]");
    refused(
        "limits[0].per must be whole milliseconds", "limits: [{name: a, requests: 1, per: 1us}]");
    refused("limits[0].by must name what counts", "limits: [{name: a, requests: 1, by: {}}]");
    refused(
        "limits[0].by must name what counts",
        "limits: [{name: a, requests: 1, by: {identity: false}}]");
    refused(
        "limits[0].maxKeys has an effect only with by",
        "limits: [{name: a, requests: 1, maxKeys: 9}]");
    refused(
        "limits[1].name is there twice",
        "limits: [{name: a, requests: 1}, {name: a, requests: 2}]");
    refused("limits[0].rules must not be empty", "limits: [{name: a, requests: 1, rules: []}]");
    refused("did you mean requests", "limits: [{name: a, request: 1}]");
  }

  @Test
  void isFoundByItsNames() {
    for (String name : new String[] {"ratelimit", "ratelimits", "rl", "RateLimit.weft.dev"}) {
      assertThat(ResourceKind.named(name)).isSameAs(ResourceKind.RATE_LIMIT);
    }
  }
}
