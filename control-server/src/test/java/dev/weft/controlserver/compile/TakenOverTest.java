package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a compiler takes over from the state before is what it would have made anew. */
class TakenOverTest extends MeshUnderTest {
  private static final String[] NAMESPACES = {"shop", "web", "istio-system"};

  private final Random random = new Random(11);
  private final SnapshotCompiler lasting = new SnapshotCompiler();
  private long version;

  @Test
  void aSnapshotAfterAnyChangesIsAsOneMadeAnew() {
    Map<Workload, Snapshot> before = new HashMap<>();
    int same = 0;
    for (int i = 0; i < 500; i++) {
      change(i);
      MeshView view = view(++version);
      for (String namespace : NAMESPACES) {
        for (Map<String, String> labels :
            List.of(Map.of("app", "a0"), Map.of("app", "a1", "version", "v1"))) {
          Workload group = new Workload(namespace, labels);
          Snapshot kept = lasting.compile(view, group);
          assertThat(kept)
              .as("change %s, %s", i, group)
              .isEqualTo(new SnapshotCompiler().compile(view, group));
          same += sameServices(before.put(group, kept), kept);
        }
      }
    }
    assertThat(same).as("services that stayed the same objects").isGreaterThan(1_000);
  }

  private static int sameServices(Snapshot before, Snapshot after) {
    if (before == null) {
      return 0;
    }
    Map<String, Service> old = new HashMap<>();
    before.services.forEach(service -> old.put(service.host, service));
    int same = 0;
    for (Service service : after.services) {
      same += old.get(service.host) == service ? 1 : 0;
    }
    return same;
  }

  private String any(String... words) {
    return words[random.nextInt(words.length)];
  }

  private String service() {
    return "a" + random.nextInt(4);
  }

  private void change(int number) {
    if (random.nextInt(3) == 0 && !policy.isEmpty()) {
      policy.remove(random.nextInt(policy.size()));
      return;
    }
    switch (random.nextInt(13)) {
      case 0 -> instance("i" + number, service(), any("shop", "web"), 8080);
      case 1 -> {
        if (!instances.isEmpty()) {
          instances.remove(random.nextInt(instances.size()));
        }
      }
      case 2 -> known.add(new KnownService(any("shop", "web"), service()));
      case 3 ->
          resource(
              "VirtualService",
              number,
              "hosts: [" + any("", "x.") + service() + any("", ".shop", ".web") + "]",
              "exportTo: [\"" + any("*", ".", "web") + "\"]",
              "http: [{match: [{"
                  + any("port: 1", "sourceLabels: {app: a1}", "sourceNamespace: web")
                  + "}], route: [{destination: {host: "
                  + service()
                  + "}}]}]");
      case 4 ->
          resource(
              "DestinationRule",
              number,
              "host: \"" + any("*.local", service(), service() + ".web.svc.cluster.local") + "\"",
              "exportTo: [\"" + any("*", ".", "shop") + "\"]",
              "trafficPolicy: {loadBalancer: {simple: " + any("RANDOM", "ROUND_ROBIN") + "}}");
      case 5 ->
          resource(
              "ServiceEntry",
              random.nextInt(3),
              "hosts: [" + any("a.example", "a0.web.svc.cluster.local") + "]",
              "exportTo: [\"" + any("*", "~", "web") + "\"]",
              "resolution: " + any("NONE", "DNS"),
              "ports: [{number: "
                  + any("80", "81")
                  + ", name: http}, {number: 443, name: t,"
                  + " protocol: TLS}]");
      case 6 ->
          resource(
              "Sidecar",
              number,
              any("", "workloadSelector: {labels: {app: a1}}"),
              "egress: [{hosts: [\"" + any("./*", "*/*", "web/*", "*/a.example") + "\"]}]");
      case 7 ->
          resource(
              "VirtualService",
              number,
              any("hosts: [only-here.example, " + service() + "]", "hosts: []"),
              "http: [{mirror: {host: " + service() + "}, route: [{destination: {host: x.y}}]}]");
      case 8 -> delegating(number);
      case 9 -> gateway(number);
      case 10 -> grant(number);
      case 11 -> defaults(number);
      default -> mtls(number);
    }
  }

  /** To what case 7 made last, when that has no hosts and is still there. */
  private void delegating(int number) {
    resource(
        "VirtualService",
        number,
        "hosts: [" + service() + "]",
        "http: [{delegate: {name: r" + random.nextInt(number + 1) + ", namespace: shop}}]");
  }

  private void gateway(int number) {
    apply(
        """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r%d, namespace: %s}
        spec:
          parentRefs: [%s]
          rules: [{backendRefs: [{name: %s, namespace: %s, port: 80}]}]
        """
            .formatted(
                number,
                any("shop", "web"),
                any(
                    "{kind: Service, group: \"\", name: " + service() + ", namespace: web}",
                    "{kind: Service, group: \"\", name: " + service() + ", port: 80}",
                    "{kind: ServiceEntry, group: networking.istio.io, name: r1}"),
                service(),
                any("shop", "web")));
  }

  private void grant(int number) {
    apply(
        """
        apiVersion: gateway.networking.k8s.io/v1beta1
        kind: ReferenceGrant
        metadata: {name: r%d, namespace: %s}
        spec:
          from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: %s}]
          to: [{group: "", kind: Service}]
        """
            .formatted(number, any("shop", "web"), any("shop", "web")));
  }

  private void defaults(int number) {
    apply(
        """
        apiVersion: weft.dev/v1alpha1
        kind: MeshConfig
        metadata: {name: r%d, namespace: istio-system}
        spec: {connectTimeout: %s}
        """
            .formatted(number, any("1s", "2s")));
  }

  private void mtls(int number) {
    apply(
        """
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: r%d, namespace: %s}
        spec: {mtls: {mode: %s}}
        """
            .formatted(number, any(NAMESPACES), any("STRICT", "PERMISSIVE")));
  }

  private void resource(String kind, int number, String... spec) {
    StringBuilder yaml = new StringBuilder("apiVersion: networking.istio.io/v1\nkind: ");
    yaml.append(kind).append("\nmetadata: {name: r").append(number).append(", namespace: ");
    yaml.append(any(NAMESPACES)).append("}\nspec:\n");
    for (String line : spec) {
      yaml.append(line.isEmpty() ? "" : "  " + line + "\n");
    }
    apply(yaml.toString());
  }
}
