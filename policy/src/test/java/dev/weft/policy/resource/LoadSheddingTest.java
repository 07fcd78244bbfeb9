package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.LoadPriority;
import dev.weft.policy.snapshot.LoadShedding;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class LoadSheddingTest {
  private static ReadResult read(String... lines) {
    String head =
        "apiVersion: weft.dev/v1alpha1\nkind: LoadShedding\nmetadata: {name: orders}\nspec:\n  ";
    return ResourceReader.read("shedding.yaml", head + String.join("\n  ", lines), "shop");
  }

  private static LoadSheddingSpec accepted(String... lines) {
    ReadResult result = read(lines);
    assertThat(result.problems()).isEmpty();
    return result.resources().get(0).spec(LoadSheddingSpec.class);
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
    LoadSheddingSpec spec =
        accepted(
            "selector: {matchLabels: {app: orders}}",
            "minConcurrency: 8",
            "maxConcurrency: 200",
            "initialConcurrency: 20",
            "priorities:",
            "- {name: probes, rules: [{to: [{operation: {paths: [/health]}}]}], exempt: true}",
            "- name: checkout",
            "  rules:",
            "  - from: [{source: {serviceAccounts: [shop]}}]",
            "  share: 90",
            "- {name: others, share: 70}");
    assertThat(spec.selector).containsEntry("app", "orders");
    LoadShedding shedding = spec.shedding;
    assertThat(shedding.name).isEqualTo("shop/orders");
    assertThat(shedding.namespace).isEqualTo("shop");
    assertThat(shedding.minConcurrency).isEqualTo(8);
    assertThat(shedding.maxConcurrency).isEqualTo(200);
    assertThat(shedding.initialConcurrency).isEqualTo(20);
    assertThat(shedding.priorities)
        .extracting(each -> each.name + " " + each.share + " " + each.exempt)
        .containsExactly("probes 100 true", "checkout 90 false", "others 70 false");
    LoadPriority checkout = shedding.priorities.get(1);
    assertThat(checkout.rules.get(0).from.get(0).serviceAccounts).containsExactly("shop/shop");
    assertThat(shedding.priorities.get(2).rules).isEmpty();
  }

  @Test
  void hasDefaults() {
    assertThat(accepted("{}").shedding)
        .isEqualTo(LoadShedding.builder().name("shop/orders").namespace("shop").build());
    assertThat(accepted("maxConcurrency: 10").shedding.initialConcurrency).isEqualTo(10);
    assertThat(accepted("minConcurrency: 80").shedding.initialConcurrency).isEqualTo(80);
  }

  @Test
  void refusesWhatWouldMeanSomethingElse() {
    refused("5:19 spec.minConcurrency must be a whole number", "minConcurrency: 0");
    refused("spec.maxConcurrency leaves no number from 4 to 3", "maxConcurrency: 3");
    refused("spec.minConcurrency leaves no number from 2000 to 1000", "minConcurrency: 2000");
    refused("spec.initialConcurrency must be from 4 to 1000", "initialConcurrency: 2");
    refused(
        "spec.priorities[0].rules the last priority is that of all other requests",
        "priorities: [{name: a, rules: [{}]}]");
    refused(
        "spec.priorities[0] has no rules, so that those after it are never reached",
        "priorities: [{name: a}, {name: b}]");
    refused(
        "spec.priorities[1].name is there twice",
        "priorities: [{name: a, rules: [{}]}, {name: a}]");
    refused(
        "spec.priorities[0].share says nothing about requests that are exempt",
        "priorities: [{name: a, share: 5, exempt: true}]");
    refused("spec.priorities[0].share must be a whole number", "priorities: [{name: a, share: 0}]");
    refused("spec.priorities[0].name is required", "priorities: [{share: 5}]");
  }
}
