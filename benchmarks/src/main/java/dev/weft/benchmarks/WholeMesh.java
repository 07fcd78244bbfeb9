package dev.weft.benchmarks;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A mesh as a control server holds it: services in ten namespaces, their instances, and for every
 * five services four VirtualServices, four DestinationRules and two AuthorizationPolicies.
 */
final class WholeMesh {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
  private static final int NAMESPACES = 10;

  private final int services;
  private final List<RegisteredInstance> instances = new ArrayList<>();
  private final List<StoredResource> policy = new ArrayList<>();
  private long version;

  WholeMesh(int services, int instancesEach) {
    this.services = services;
    for (int i = 0; i < services; i++) {
      for (int k = 0; k < instancesEach; k++) {
        instances.add(instance(i, k, 8080));
      }
      if (i % 5 != 4) {
        policy.add(virtualService(i));
        policy.add(destinationRule(i, "LEAST_REQUEST"));
      }
      if (i % 5 < 2) {
        policy.add(authorizationPolicy(i));
      }
    }
  }

  int resources() {
    return policy.size();
  }

  static String namespace(int service) {
    return "ns-" + service % NAMESPACES;
  }

  /** The workloads of a service. */
  static Workload workload(int service) {
    return new Workload(namespace(service), Map.of("app", "service-" + service, "version", "v1"));
  }

  List<Workload> workloads() {
    List<Workload> workloads = new ArrayList<>();
    for (int i = 0; i < services; i++) {
      workloads.add(workload(i));
    }
    return workloads;
  }

  /** The state after the last change. */
  MeshView view() {
    return new MeshView(
        ++version,
        "epoch",
        false,
        "cluster.local",
        "istio-system",
        List.of("-----BEGIN CERTIFICATE-----\n" + "A".repeat(600)),
        List.of(),
        List.copyOf(instances),
        Set.of(),
        List.copyOf(policy),
        Map.of(),
        0);
  }

  /** One DestinationRule says something else. */
  void changeRule(int service, boolean random) {
    String name = "service-" + service;
    for (int i = 0; i < policy.size(); i++) {
      Resource resource = policy.get(i).resource();
      if (resource.name().equals(name) && resource.kind().kind().equals("DestinationRule")) {
        policy.set(i, destinationRule(service, random ? "RANDOM" : "LEAST_REQUEST"));
      }
    }
  }

  /** One instance listens on another port. */
  void moveInstance(int index, int port) {
    String id = instances.get(index).id();
    int dash = id.lastIndexOf('-');
    int service = Integer.parseInt(id.substring("service-".length(), dash));
    instances.set(index, instance(service, Integer.parseInt(id.substring(dash + 1)), port));
  }

  /** Every workload of the namespace of a service may call ten services only. */
  void addSidecar(int service) {
    StringBuilder hosts = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      String name = "service-" + (service + i) + "." + namespace(service + i);
      hosts.append(i == 0 ? "" : ", ").append("\"*/").append(name).append(".svc.cluster.local\"");
    }
    policy.add(
        stored(
            """
            apiVersion: networking.istio.io/v1
            kind: Sidecar
            metadata: {name: ten, namespace: %s}
            spec: {egress: [{hosts: [%s]}]}
            """
                .formatted(namespace(service), hosts)));
  }

  private static RegisteredInstance instance(int service, int number, int port) {
    String name = "service-" + service;
    return new RegisteredInstance(
        name + "-" + number,
        new WorkloadIdentity("cluster.local", namespace(service), name),
        InstanceReport.builder()
            .service(name)
            .namespace(namespace(service))
            .serviceAccount(name)
            .labels(Map.of("version", number % 2 == 0 ? "v1" : "v2"))
            .address("10." + service / 250 + "." + service % 250 + "." + number)
            .port(port)
            .mtls(true)
            .build(),
        START,
        true,
        true);
  }

  private StoredResource virtualService(int service) {
    return stored(
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: service-%1$d, namespace: %2$s}
        spec:
          hosts: [service-%1$d]
          http:
          - name: canary
            match: [{headers: {x-user: {exact: jane}}}, {uri: {prefix: /beta}}]
            route: [{destination: {host: service-%1$d, subset: v2}}]
          - name: all
            route:
            - {destination: {host: service-%1$d, subset: v1}, weight: 90}
            - {destination: {host: service-%1$d, subset: v2}, weight: 10}
            timeout: 2s
            retries: {attempts: 3, perTryTimeout: 500ms, retryOn: "5xx,connect-failure"}
        """
            .formatted(service, namespace(service)));
  }

  private StoredResource destinationRule(int service, String balancer) {
    return stored(
        """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: service-%1$d, namespace: %2$s}
        spec:
          host: service-%1$d
          trafficPolicy:
            loadBalancer: {simple: %3$s}
            outlierDetection: {consecutive5xxErrors: 3, baseEjectionTime: 30s}
          subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        """
            .formatted(service, namespace(service), balancer));
  }

  private StoredResource authorizationPolicy(int service) {
    return stored(
        """
        apiVersion: security.istio.io/v1
        kind: AuthorizationPolicy
        metadata: {name: service-%1$d, namespace: %2$s}
        spec:
          selector: {matchLabels: {app: service-%1$d}}
          rules:
          - from: [{source: {namespaces: [ns-1, ns-2]}}]
            to: [{operation: {methods: [GET, POST], paths: [/api/*]}}]
        """
            .formatted(service, namespace(service)));
  }

  private StoredResource stored(String yaml) {
    Resource resource = ResourceReader.read("mesh.yaml", yaml, "default").resources().get(0);
    return new StoredResource(resource, START, 1, null);
  }
}
