package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceReader;
import dev.weft.policy.snapshot.JwtKey;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A mesh of instances and policy, of which tests compile snapshots. */
abstract class MeshUnderTest {
  static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  final List<RegisteredInstance> instances = new ArrayList<>();
  final Set<KnownService> known = new LinkedHashSet<>();
  final List<StoredResource> policy = new ArrayList<>();
  final Map<String, List<JwtKey>> keys = new HashMap<>();

  final void instance(String id, String service, String namespace, int port) {
    instances.add(
        new RegisteredInstance(
            id,
            new WorkloadIdentity("cluster.local", namespace, service),
            InstanceReport.builder()
                .service(service)
                .namespace(namespace)
                .serviceAccount(service)
                .labels(Map.of("version", "v1"))
                .address("10.0.0.1")
                .port(port)
                .mtls(true)
                .build(),
            START,
            true,
            true));
  }

  /** Adds resources, each document one second younger than the one before. */
  final void apply(String yaml) {
    ReadResult read = ResourceReader.read("test.yaml", yaml, "shop");
    assertThat(read.problems()).isEmpty();
    for (Resource resource : read.resources()) {
      policy.add(
          new StoredResource(resource, START.plusSeconds(policy.size()), policy.size() + 1L, null));
    }
  }

  /** The state of the mesh. */
  final MeshView view(long version) {
    return new MeshView(
        version,
        "e",
        false,
        "cluster.local",
        "istio-system",
        List.of("PEM"),
        List.of(),
        List.copyOf(instances),
        Set.copyOf(known),
        List.copyOf(policy),
        keys,
        0);
  }

  final Snapshot compile(String namespace, Map<String, String> labels) {
    Snapshot snapshot = new SnapshotCompiler().compile(view(1), new Workload(namespace, labels));
    // Whatever is compiled must be acceptable to the agents that read it.
    assertThat(SnapshotCodec.read(SnapshotCodec.write(snapshot))).isEqualTo(snapshot);
    return snapshot;
  }

  final Service service(String namespace, String host) {
    return compile(namespace, Map.of()).services.stream()
        .filter(service -> service.host.equals(host))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + host));
  }
}
