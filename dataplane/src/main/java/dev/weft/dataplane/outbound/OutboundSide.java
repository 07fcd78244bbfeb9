package dev.weft.dataplane.outbound;

import dev.weft.dataplane.Detached;
import dev.weft.dataplane.LocalPorts;
import dev.weft.dataplane.filter.Parker;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/** The outbound half of the data plane, assembled. Thread-safe. */
public final class OutboundSide {
  private final OutboundChain chain;
  private final GuardedObserver observer;
  private final BlockingDriver blocking;
  private final AsyncDriver async;
  private final BlockingDriver connections;
  private final SnapshotHolder snapshots;
  private final LongSupplier nanos;
  private final RandomSource random;
  private final MeshTimer timer;
  private final Parker parker;
  private final ClientSecurity security;
  private final Outcomes outcomes;
  private final Mirroring mirroring;

  private OutboundSide(
      SnapshotHolder snapshots,
      LongSupplier nanos,
      RandomSource random,
      MeshTimer timer,
      Parker parker,
      ClientSecurity security,
      FailureClassifier classifier,
      ExchangeObserver observer,
      Mirroring mirroring) {
    this.snapshots = snapshots;
    this.nanos = nanos;
    this.random = random;
    this.timer = timer;
    this.parker = parker;
    this.security = security;
    this.mirroring = mirroring;
    this.outcomes = new Outcomes(classifier);
    this.observer = new GuardedObserver(observer);
    this.chain =
        OutboundChain.ofRequests(snapshots, nanos, random, timer, security, this.observer, this);
    this.blocking = new BlockingDriver(chain, outcomes, parker);
    this.async = new AsyncDriver(chain, outcomes, timer);
    this.connections =
        new BlockingDriver(
            OutboundChain.ofConnections(snapshots, nanos, random, timer, security),
            outcomes,
            parker);
  }

  /** Assembles chain and drivers. */
  public static OutboundSide of(
      SnapshotHolder snapshots,
      LongSupplier nanos,
      RandomSource random,
      MeshTimer timer,
      Parker parker,
      ClientSecurity security,
      FailureClassifier classifier,
      ExchangeObserver observer,
      Mirroring mirroring) {
    return new OutboundSide(
        snapshots, nanos, random, timer, parker, security, classifier, observer, mirroring);
  }

  /** The sender of copies of requests. */
  Mirrors mirrors() {
    return mirroring.sender(this);
  }

  Mirrors newMirrors(TransportSecurity transport, Executor sending, MirrorObserver hearing) {
    OutboundChain copies = OutboundChain.ofMirrors(snapshots, nanos, random, timer, security);
    BlockingDriver driver = new BlockingDriver(copies, outcomes, parker);
    return new Mirrors(driver, transport, random, timer, sending, hearing);
  }

  /**
   * Asks services questions of the agent's own, over connections secured with {@code transport}.
   */
  public ServiceCalls serviceCalls(TransportSecurity transport) {
    OutboundChain settled = OutboundChain.ofMirrors(snapshots, nanos, random, timer, security);
    BlockingDriver driver = new BlockingDriver(settled, outcomes, parker);
    return new ServiceCalls(
        snapshots, new ConnectionDriver(driver, transport), security, timer, nanos);
  }

  /** Asks endpoints whether they are well, over connections secured with {@code transport}. */
  public HealthChecks healthChecks(TransportSecurity transport) {
    return new HealthChecks(
        new HealthRequest(transport, security, timer), nanos, random, HealthChecks::daemon);
  }

  /**
   * Asks this instance whether it can be called.
   *
   * @param changed runs after each change of the answer; must return at once
   */
  public OwnReadiness ownReadiness(
      TransportSecurity transport, LocalPorts ports, Runnable changed) {
    return new OwnReadiness(
        new ProbeRequest(transport, ports, nanos),
        nanos,
        loop -> Detached.thread(loop, "mesh-probe").start(),
        changed);
  }

  /** Driver for blocking clients. */
  public BlockingDriver blocking() {
    return blocking;
  }

  /** Driver for asynchronous clients. */
  public AsyncDriver async() {
    return async;
  }

  /** Makes connections whose requests nobody reads, secured with {@code transport}. */
  public ConnectionDriver connections(TransportSecurity transport) {
    return new ConnectionDriver(connections, transport);
  }

  /**
   * What would become of a request, and why. Nothing is sent, and no real call notices.
   *
   * @param now on the data plane's clock
   * @return texts, lists and flags: {@code steps}, {@code ended}, {@code service}, {@code
   *     endpoints}
   */
  public Map<String, Object> explain(OutboundRequest request, long now) {
    return new OutboundExplanation(snapshots, security, timer, now).of(request);
  }

  /** Stages that have a filter, in order. */
  public List<OutboundStage> stages() {
    return chain.stages();
  }

  /** How often the observer threw and was ignored. */
  public long observerFailures() {
    return observer.failures();
  }
}
