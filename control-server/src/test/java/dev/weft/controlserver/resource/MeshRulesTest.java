package dev.weft.controlserver.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.mesh.MeshView;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeshRulesTest {
  private final List<StoredResource> policy = new ArrayList<>();

  private PolicyTexts read(String name, String namespace, String spec) {
    String text =
        "apiVersion: weft.dev/v1alpha1\nkind: MeshConfig\nmetadata: {name: "
            + name
            + ", namespace: "
            + namespace
            + "}\nspec: "
            + spec;
    MeshView view =
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
            policy);
    return PolicyTexts.read(
        List.of(new PolicyTexts.Text("mesh.yaml", text.getBytes(StandardCharsets.UTF_8))),
        "default",
        view);
  }

  private String problem(String name, String namespace, String spec) {
    return read(name, namespace, spec).problems().get(0).toString();
  }

  @Test
  void thereIsOneInTheRootNamespaceAndItKeepsTheTrustDomain() {
    assertThat(problem("mesh", "shop", "{}"))
        .isEqualTo(
            "mesh.yaml:1:1: metadata.namespace: must be the root namespace, istio-system:"
                + " a MeshConfig is for the whole mesh");
    assertThat(problem("mesh", "istio-system", "{trustDomain: other.example}"))
        .startsWith("mesh.yaml:1:1: spec.trustDomain: must be cluster.local, not other.example");
    PolicyTexts mesh = read("mesh", "istio-system", "{trustDomain: cluster.local}");
    assertThat(mesh.problems()).isEmpty();
    policy.add(new StoredResource(mesh.resources().get(0), Instant.EPOCH, 1, null));
    assertThat(read("mesh", "istio-system", "{connectTimeout: 1s}").accepted()).isTrue();
    assertThat(problem("second", "istio-system", "{}"))
        .contains("metadata.name: must be mesh: a mesh has one MeshConfig");
  }
}
