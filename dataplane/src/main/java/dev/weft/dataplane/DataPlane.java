package dev.weft.dataplane;

import dev.weft.dataplane.database.DatabaseDriver;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.InboundDriver;
import dev.weft.dataplane.outbound.AsyncDriver;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.ConnectionDriver;
import dev.weft.dataplane.outbound.HealthChecks;
import dev.weft.dataplane.outbound.MeshTimer;
import dev.weft.dataplane.outbound.Mirroring;
import dev.weft.dataplane.outbound.OutboundSide;
import dev.weft.dataplane.outbound.OwnReadiness;
import dev.weft.dataplane.outbound.ServiceCalls;
import dev.weft.dataplane.outbound.VirtualAddresses;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The engine of one agent: the snapshot in force and the drivers that run calls under it. Makes no
 * threads but {@code mesh-timer}, and that only when something has to wait, {@code mesh-mirror}
 * while copies of requests are sent, {@code mesh-health} while endpoints are to be asked how they
 * are, {@code mesh-probe} while this instance is, and {@code mesh-tls-files} while policy names
 * files for TLS. Thread-safe.
 */
public final class DataPlane {
  private final SnapshotHolder snapshots;
  private final OutboundSide outbound;
  private final LongSupplier nanos;
  private final TransportSecurity transport;
  private final InboundDriver inbound;
  private final ConnectionPolicy connections;
  private final Supplier<DatabaseDriver> newDatabases;
  private volatile @Nullable DatabaseDriver databases;
  private @Nullable HealthChecks health;
  private volatile @Nullable OwnReadiness readiness;
  private volatile Runnable readinessChanged = () -> {};
  private boolean first = true;
  private boolean showsConcurrency;
  private volatile @Nullable ServiceCalls calls;
  private final LocalPorts ports = new LocalPorts();
  private final ConnectionDriver sockets;
  private final VirtualAddresses virtualAddresses = new VirtualAddresses();

  private final MeshTimer timer;

  DataPlane(DataPlaneBuilder builder) {
    this.snapshots = SnapshotHolder.create(builder.own, builder.nanos);
    this.transport = builder.transport;
    this.nanos = builder.nanos;
    transport.observe(builder.connections);
    snapshots.registry().onEjection(builder.ejections);
    snapshots.originations().log(builder.log);
    MeshTimer given = builder.timer;
    this.timer = given == null ? MeshTimer.daemon() : given;
    this.outbound =
        OutboundSide.of(
            snapshots,
            nanos,
            builder.random,
            timer,
            builder.parker,
            builder.security,
            builder.classifier,
            builder.observer,
            Mirroring.of(transport, builder.mirrors));
    this.sockets = outbound.connections(transport);
    this.inbound =
        InboundDriver.of(
            builder.inboundObserver,
            (host, port, request, timeout) -> calls().send(host, port, request, timeout),
            builder.denyWithoutPolicy,
            builder.nanos);
    this.connections = new ConnectionPolicy(inbound, transport.server(), builder.connectionAge);
    this.newDatabases =
        () ->
            DatabaseDriver.of(
                nanos, builder.random, builder.parker, transport, builder.databaseObserver);
    Telemetry telemetry = builder.telemetry;
    snapshots.listen(
        next -> {
          if (health != null || next.checksHealth()) {
            health().update(next);
          }
          probe(next.document());
          if (telemetry != null) {
            telemetry.policy(next.document().telemetry);
          }
          List<DatabasePolicy> policies = next.document().databases;
          if (databases != null || !policies.isEmpty()) {
            databases().update(policies);
          }
          // The empty snapshot of the start is no policy: mesh.on-agent-failure decides until then.
          if (next.document().version > 0) {
            inbound.update(next.document().inbound);
            if (telemetry != null && !showsConcurrency && inbound.shedsLoad()) {
              showsConcurrency = true;
              new ConcurrencyTelemetry(inbound).show(telemetry.meters());
            }
          }
        });
  }

  /** A builder with the real clock, randomness and timer, no identity and no observer. */
  public static DataPlaneBuilder builder() {
    return new DataPlaneBuilder();
  }

  /** Driver for blocking clients. */
  public BlockingDriver blocking() {
    return outbound.blocking();
  }

  /** Driver for asynchronous clients. */
  public AsyncDriver async() {
    return outbound.async();
  }

  /** Driver for connections of clients whose protocol nobody reads. */
  public ConnectionDriver sockets() {
    return sockets;
  }

  /** The addresses that stand for services where a client insists on one. */
  public VirtualAddresses virtualAddresses() {
    return virtualAddresses;
  }

  /** Driver for containers: whether a request may enter the application. */
  public InboundDriver inbound() {
    return inbound;
  }

  /** What the mesh asks of connections to this process. */
  public ConnectionPolicy connections() {
    return connections;
  }

  /**
   * Driver for databases: which policy holds, whether and how a connect or a statement runs. Made
   * when it is first asked for, or policy for databases comes: most processes need none.
   */
  public DatabaseDriver databases() {
    DatabaseDriver known = databases;
    return known != null ? known : makeDatabases();
  }

  /** Made when policy first asks for it; only by the thread that applies snapshots. */
  private HealthChecks health() {
    HealthChecks known = health;
    if (known == null) {
      known = outbound.healthChecks(transport);
      health = known;
    }
    return known;
  }

  /** Only by the thread that applies snapshots. */
  private void probe(Snapshot next) {
    OwnReadiness known = readiness;
    if (known == null && next.probe != null) {
      known = outbound.ownReadiness(transport, ports, () -> readinessChanged.run());
      readiness = known;
    }
    if (known != null) {
      known.update(next.probe, first);
    }
    first &= next.version == 0;
  }

  /** Whether this instance can be called, as its policy has it found out; null without a probe. */
  public @Nullable Boolean ready() {
    OwnReadiness known = readiness;
    return known == null ? null : known.ready();
  }

  /** Runs {@code changed}, which must return at once, after each change of {@link #ready}. */
  public void onReadiness(Runnable changed) {
    readinessChanged = changed;
  }

  /** Made when the first authorizer is asked. */
  private ServiceCalls calls() {
    ServiceCalls known = calls;
    return known != null ? known : makeCalls();
  }

  private synchronized ServiceCalls makeCalls() {
    ServiceCalls known = calls;
    if (known == null) {
      known = outbound.serviceCalls(transport);
      calls = known;
    }
    return known;
  }

  private synchronized DatabaseDriver makeDatabases() {
    DatabaseDriver known = databases;
    if (known == null) {
      known = newDatabases.get();
      databases = known;
    }
    return known;
  }

  /** The snapshot in force, and where a new one is put in force. */
  public SnapshotHolder snapshots() {
    return snapshots;
  }

  /** Makes mesh TLS of our identity, for clients and servers. */
  public TransportSecurity transport() {
    return transport;
  }

  /** The ports this process answers on, as its containers' hooks report them. */
  public LocalPorts ports() {
    return ports;
  }

  /** The data plane's clock; deadlines are on it. Only differences mean something. */
  public long nanoTime() {
    return nanos.getAsLong();
  }

  /** Wakes who must not wait longer. */
  public MeshTimer timer() {
    return timer;
  }

  /**
   * What this agent would do with a request under the snapshot in force, and why; it neither sends
   * nor changes anything.
   *
   * @param question {@code side} ({@code outbound} or {@code inbound}), {@code method}, {@code
   *     scheme}, {@code authority}, {@code path}, {@code headers}; inbound also {@code peer}
   *     (SPIFFE ID, absent for plaintext), {@code remoteAddress}, {@code port}
   * @throws IllegalArgumentException naming what is wrong with the question, or saying that there
   *     is no policy yet
   */
  public Map<String, Object> explain(Map<?, ?> question) {
    AskedRequest request = new AskedRequest(question);
    Snapshot snapshot = snapshots.current().document();
    if (snapshot.version == 0) {
      throw new IllegalArgumentException("this agent has no policy yet");
    }
    Map<String, Object> answer;
    if ("outbound".equals(question.get("side"))) {
      answer = outbound.explain(request, nanoTime());
      answer.put("headers", request.headersNow());
      answer.put("path", request.sentPath());
    } else if ("inbound".equals(question.get("side"))) {
      answer = InboundDriver.explain(snapshot.inbound, request);
    } else {
      throw new IllegalArgumentException("\"side\" must be outbound or inbound");
    }
    answer.put("version", snapshot.version);
    return answer;
  }

  /** How often an observer threw and was ignored. */
  public long observerFailures() {
    DatabaseDriver known = databases;
    return outbound.observerFailures()
        + inbound.observerFailures()
        + (known == null ? 0 : known.observerFailures());
  }
}
