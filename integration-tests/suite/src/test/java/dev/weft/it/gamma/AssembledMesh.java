package dev.weft.it.gamma;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.compile.SnapshotCompiler;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.ClientSecurity;
import dev.weft.dataplane.outbound.ExchangeObserver;
import dev.weft.dataplane.outbound.Mirroring;
import dev.weft.dataplane.outbound.OutboundSide;
import dev.weft.dataplane.outbound.Target;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceReader;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.SnapshotCodec;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The echo services of the conformance suite as the control server knows them, and one caller's
 * data plane, without a network: policy is compiled, sent as text, compiled again and asked by the
 * whole chain.
 */
final class AssembledMesh {
  private static final Instant START = Instant.parse("2026-11-21T12:00:00Z");

  /** The service of both versions, which has no workloads of its own. */
  static final String ECHO =
      """
      apiVersion: networking.istio.io/v1
      kind: ServiceEntry
      metadata: {name: echo, namespace: gateway-conformance-mesh}
      spec:
        hosts: [echo]
        location: MESH_INTERNAL
        resolution: STATIC
        ports: [{number: 80, name: http, protocol: HTTP}]
        endpoints: [{address: 10.0.0.1, ports: {http: 8080}}, {address: 10.0.0.2, ports: {http: 8080}}]
      """;

  private final OutboundSide side;

  private AssembledMesh(OutboundSide side) {
    this.side = side;
  }

  static AssembledMesh of(String policy, String callerNamespace) {
    SnapshotHolder snapshots = SnapshotHolder.create();
    MeshView view =
        new MeshView(
            1,
            "e",
            false,
            "cluster.local",
            "istio-system",
            List.of(),
            List.of(),
            List.of(instance("echo-v1", "10.0.0.1"), instance("echo-v2", "10.0.0.2")),
            Set.of(),
            stored(policy),
            Map.of(),
            0);
    byte[] wire =
        SnapshotCodec.write(
            new SnapshotCompiler().compile(view, new Workload(callerNamespace, Map.of())));
    snapshots.apply(SnapshotCodec.read(wire));
    return new AssembledMesh(
        OutboundSide.of(
            snapshots,
            System::nanoTime,
            RandomSource.THREAD_LOCAL,
            (task, delay) -> () -> {},
            nanos -> {},
            ClientSecurity.NONE,
            failure -> null,
            ExchangeObserver.NONE,
            Mirroring.of(TransportSecurity.of(Clock.systemUTC()), (host, outcome) -> {})));
  }

  private static RegisteredInstance instance(String service, String address) {
    return new RegisteredInstance(
        service,
        new WorkloadIdentity("cluster.local", Conformance.NAMESPACE, service),
        InstanceReport.builder()
            .service(service)
            .namespace(Conformance.NAMESPACE)
            .serviceAccount(service)
            .address(address)
            .port(8080)
            .build(),
        START,
        true,
        true);
  }

  private static List<StoredResource> stored(String policy) {
    ReadResult read = ResourceReader.read("policy.yaml", policy, "default");
    if (!read.accepted()) {
      throw new AssertionError(read.problems().toString());
    }
    List<StoredResource> stored = new ArrayList<>();
    for (Resource resource : read.resources()) {
      stored.add(new StoredResource(resource, START.plusSeconds(stored.size()), 1, null));
    }
    return stored;
  }

  Answer call(Case each) throws Exception {
    Target target = side.blocking().resolve("http", each.host());
    if (target == null) {
      throw new AssertionError(each.host() + " is no service");
    }
    EchoRequest request = new EchoRequest(each);
    return side.blocking().execute(target, request, new EchoCall(request));
  }

  /** What a client does whose server answers with what it got. */
  private record EchoCall(EchoRequest request) implements BlockingCall<Answer> {
    @Override
    public Answer send(Attempt attempt) {
      String backend = attempt.address().equals("10.0.0.1") ? "echo-v1" : "echo-v2";
      return new Answer(200, null, new TreeMap<>(), backend, request.joined());
    }

    @Override
    public int status(Answer response) {
      return response.status();
    }

    @Override
    public String header(Answer response, String name) {
      return response.headers().get(name);
    }

    @Override
    public void discard(Answer response) {}

    @Override
    public Answer reply(LocalReply reply) {
      Map<String, String> headers = new TreeMap<>();
      reply.headers().forEach((name, values) -> headers.put(name, String.join(",", values)));
      return new Answer(reply.status(), headers.get("location"), headers, null, Map.of());
    }

    @Override
    public Answer editResponse(Answer response, HeaderEdits edits) {
      EchoRequest.Headers headers = new EchoRequest.Headers();
      response.headers().forEach(headers::addHeader);
      headers.edit(edits.response);
      return new Answer(
          response.status(), null, headers.joined(), response.backend(), response.received());
    }
  }
}
