package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class SidecarTest {
  private static ReadResult read(String... spec) {
    return ResourceReader.read(
        "f.yaml",
        "apiVersion: networking.istio.io/v1beta1\nkind: Sidecar\n"
            + "metadata: {name: default, namespace: shop}\nspec:\n  "
            + String.join("\n  ", spec)
            + "\n",
        "default");
  }

  private static List<String> problems(String... spec) {
    return read(spec).problems().stream().map(Problem::toString).collect(Collectors.toList());
  }

  private static SidecarSpec accepted(String... spec) {
    ReadResult result = read(spec);
    assertThat(result.problems()).isEmpty();
    return result.resources().get(0).spec(SidecarSpec.class);
  }

  @Test
  void readsSelectorHostsAndMode() {
    SidecarSpec spec =
        accepted(
            "workloadSelector: {labels: {app: web}}",
            "egress: [{hosts: [./*, '*/*.example.com', pay/cards.pay.svc.cluster.local]}]",
            "outboundTrafficPolicy: {mode: ALLOW_ANY}");
    assertThat(spec.selector).containsEntry("app", "web");
    assertThat(spec.outbound).isEqualTo(OutboundTrafficPolicy.ALLOW_ANY);
    EgressScope egress = spec.egress;
    assertThat(egress.hasService("shop", "orders.shop.svc.cluster.local", "shop")).isTrue();
    assertThat(egress.hasService("shop", "orders.shop.svc.cluster.local", "web")).isFalse();
    assertThat(egress.hasService("any", "api.example.com", "shop")).isTrue();
    assertThat(egress.hasService("any", "example.com", "shop")).isFalse();
    assertThat(egress.hasService("pay", "cards.pay.svc.cluster.local", "shop")).isTrue();
    assertThat(egress.hasService("pay", "audit.pay.svc.cluster.local", "shop")).isFalse();
    assertThat(egress.hasService("other", "cards.pay.svc.cluster.local", "shop")).isFalse();
  }

  @Test
  void rulesWithWildcardsAreInScopeWhereTheyOverlap() {
    EgressScope egress = accepted("egress: [{hosts: ['pay/*.pay.local', web/a.web.local]}]").egress;
    assertThat(egress.hasRules("pay", "*.local", "shop")).isTrue();
    assertThat(egress.hasRules("pay", "*.eu.pay.local", "shop")).isTrue();
    assertThat(egress.hasRules("pay", "*.web.local", "shop")).isFalse();
    assertThat(egress.hasRules("web", "*.web.local", "shop")).isTrue();
    assertThat(egress.hasRules("web", "b.web.local", "shop")).isFalse();
  }

  @Test
  void saysNothingAboutWhatItDoesNotName() {
    SidecarSpec spec = accepted("egress: [{hosts: [~/*]}]");
    assertThat(spec.egress.hasService("shop", "a.b", "shop")).isFalse();
    assertThat(spec.outbound).isNull();
    assertThat(accepted("outboundTrafficPolicy: {}").outbound)
        .isEqualTo(OutboundTrafficPolicy.REGISTRY_ONLY);
    assertThat(accepted("outboundTrafficPolicy: {}").egress).isNull();
  }

  @Test
  void refusesWhatIstioRefuses() {
    for (String host :
        Arrays.asList(
            "orders", "/", "./orders", "shop/", "/a.b", "sh op/*", "~In_valid/*", "a/*b*")) {
      assertThat(problems("egress: [{hosts: ['" + host + "']}]"))
          .as(host)
          .singleElement()
          .asString()
          .startsWith("f.yaml:5:21: spec.egress[0].hosts[0]: must");
    }
    assertThat(problems("{}").get(0)).contains("it says nothing");
    assertThat(problems("egress: [{hosts: []}]")).hasSize(1);
    assertThat(problems("egress: [{hosts: ['*/foo.com']}, {hosts: [ns1/bar.com]}]").get(0))
        .contains("spec.egress[0]: must be the last without a port");
  }

  @Test
  void refusesByNameWhatIsAboutListeners() {
    assertThat(
            problems(
                "ingress: [{port: {number: 80}}]",
                "egress: [{port: {number: 80}, hosts: [./*]}]",
                "outboundTrafficPolicy: {mode: ALLOW_ANY, egressProxy: {host: a.b}}"))
        .hasSize(3)
        .allMatch(problem -> problem.contains("not in force in Weft yet"));
    assertThat(problems("outboundTrafficPolicy: {egressProxy: {host: a.b}}"))
        .anyMatch(problem -> problem.contains("needs mode ALLOW_ANY"));
  }
}
