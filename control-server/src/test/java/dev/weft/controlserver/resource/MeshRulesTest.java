package dev.weft.controlserver.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeshRulesTest {
  private static final MeshView VIEW =
      new MeshView(
          1,
          "e",
          false,
          "cluster.local",
          "istio-system",
          List.of(),
          List.of(),
          List.of(),
          Set.of(),
          List.of(),
          Map.of(),
          0);

  private static PolicyTexts read(String name, String namespace, String spec) {
    String text =
        "apiVersion: weft.dev/v1alpha1\nkind: MeshConfig\nmetadata: {name: "
            + name
            + ", namespace: "
            + namespace
            + "}\nspec: "
            + spec;
    return PolicyTexts.read(
        List.of(new PolicyTexts.Text("mesh.yaml", text.getBytes(StandardCharsets.UTF_8))),
        "default",
        VIEW);
  }

  private static Resource mesh(String name) {
    return read(name, "istio-system", "{connectTimeout: 1s}").resources().get(0);
  }

  private static String problem(String name, String namespace, String spec) {
    return read(name, namespace, spec).problems().get(0).toString();
  }

  @Test
  void itIsInTheRootNamespaceAndKeepsTheTrustDomain() {
    assertThat(problem("mesh", "shop", "{}"))
        .isEqualTo(
            "mesh.yaml:1:1: metadata.namespace: must be the root namespace, istio-system:"
                + " a MeshConfig is for the whole mesh");
    assertThat(problem("mesh", "istio-system", "{trustDomain: other.example}"))
        .startsWith("mesh.yaml:1:1: spec.trustDomain: must be cluster.local, not other.example");
    assertThat(read("mesh", "istio-system", "{trustDomain: cluster.local}").accepted()).isTrue();
  }

  private static PolicyChange planned(
      NavigableMap<String, StoredResource> current, boolean prune, Resource... resources)
      throws PolicyConflict {
    PolicyChange change =
        PolicyPlans.apply(current, List.of(resources), "set", prune, Instant.EPOCH, 2);
    MeshRules.requireOneMeshConfig(change, current);
    return change;
  }

  @Test
  void thereIsOneWhenAllIsDone() throws Exception {
    NavigableMap<String, StoredResource> current = new TreeMap<>();
    assertThatThrownBy(() -> planned(current, false, mesh("one"), mesh("two")))
        .as("two that come together")
        .isInstanceOf(PolicyConflict.class)
        .hasMessageContaining("meshconfigs/istio-system/one and meshconfigs/istio-system/two");
    List<PolicyChange.Row> first = new ArrayList<>(planned(current, false, mesh("one")).rows());
    current.put(first.get(0).key(), first.get(0).after());
    assertThat(planned(current, false, mesh("one")).isEmpty()).isTrue();
    assertThatThrownBy(() -> planned(current, false, mesh("two")))
        .isInstanceOf(PolicyConflict.class);
    assertThat(planned(current, true, mesh("two")).on(current).values())
        .as("a rename: the old one is pruned")
        .singleElement()
        .satisfies(left -> assertThat(left.resource().name()).isEqualTo("two"))
        .satisfies(left -> assertThat(left.resource().kind()).isEqualTo(ResourceKind.MESH_CONFIG));
  }
}
