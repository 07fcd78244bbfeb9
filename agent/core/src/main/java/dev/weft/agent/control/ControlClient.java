package dev.weft.agent.control;

import dev.weft.agent.MeshThreads;
import dev.weft.dataplane.LocalPorts;
import java.io.Closeable;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The agent's connection to the control server. {@link #start} returns at once and never throws;
 * everything else happens on daemon threads named {@code mesh-control*}. Thread-safe.
 */
public final class ControlClient implements Closeable {

  private final ControlConfig config;
  private final MeshState mesh;
  private final LocalPorts ports;
  private final ReportSource source;
  private final LineLog log;
  private final ControlTiming timing;
  private final Clock clock;
  private final LongSupplier nanos;
  private final DoubleSupplier random;
  private final Thread runner;
  private volatile @Nullable AgentState state;
  private volatile @Nullable LeaseLoop lease;
  private volatile @Nullable ControlLoop loop;
  private volatile @Nullable AgentCache cache;
  private final CountDownLatch settled = new CountDownLatch(1);
  private volatile boolean closed;

  private ControlClient(
      ControlConfig config,
      MeshState mesh,
      LocalPorts ports,
      ReportSource source,
      LineLog log,
      ControlTiming timing,
      Clock clock,
      LongSupplier nanos,
      DoubleSupplier random) {
    this.config = config;
    this.mesh = mesh;
    this.ports = ports;
    this.source = source;
    this.log = log;
    this.timing = timing;
    this.clock = clock;
    this.nanos = nanos;
    this.random = random;
    this.runner = MeshThreads.create("control-loop", this::run);
  }

  /**
   * Starts the client and arranges for it to end with the JVM.
   *
   * @param mesh the data plane that is driven
   * @param ports where containers report the ports they listen on
   * @param source the rest of the instance report
   */
  public static ControlClient start(
      ControlConfig config, MeshState mesh, LocalPorts ports, ReportSource source, LineLog log) {
    ControlClient client =
        start(
            config,
            mesh,
            ports,
            source,
            log,
            ControlTiming.standard(),
            Clock.systemUTC(),
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextDouble());
    try {
      Runtime.getRuntime().addShutdownHook(MeshThreads.create("control-shutdown", client::close));
    } catch (IllegalStateException e) {
      // The JVM is ending already: there is nothing to deregister.
      client.close();
    }
    return client;
  }

  static ControlClient start(
      ControlConfig config,
      MeshState mesh,
      LocalPorts ports,
      ReportSource source,
      LineLog log,
      ControlTiming timing,
      Clock clock,
      LongSupplier nanos,
      DoubleSupplier random) {
    ControlClient client =
        new ControlClient(config, mesh, ports, source, log, timing, clock, nanos, random);
    client.runner.start();
    return client;
  }

  /**
   * Waits until the agent can answer for the application: with an identity and a policy, from the
   * cache or from the control server, or until a first attempt failed and it has to do without.
   *
   * @return whether there are an identity and a policy
   */
  public boolean awaitFirst(long millis) throws InterruptedException {
    return settled.await(millis, TimeUnit.MILLISECONDS) && isReady();
  }

  /** Whether there are an identity and a policy. */
  public boolean isReady() {
    AgentState current = state;
    return current != null && current.hasIdentity() && current.version() > 0;
  }

  /** How the connection is doing. */
  public ControlStatus status() {
    AgentState current = state;
    return current == null
        ? new ControlStatus(ControlStatus.Phase.JOINING, null, 0, null, null, 0)
        : current.status();
  }

  /**
   * What the instance report says has changed, such as what is instrumented: it is sent soon, not
   * at once.
   */
  public void reportChanged() {
    LeaseLoop current = lease;
    if (current != null) {
      current.reportChanged();
    }
  }

  /** Deregisters the instance, for at most 300 ms, and stops. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    LeaseLoop leasing = lease;
    if (leasing != null) {
      leasing.stop();
    }
    ControlLoop looping = loop;
    if (looping != null) {
      looping.stop(runner);
    }
    AgentState ended = state;
    if (ended != null) {
      ended.phase(ControlStatus.Phase.CLOSED, null);
    }
    AgentCache kept = cache;
    if (kept != null) {
      kept.close();
    }
  }

  private void withLoop(Consumer<ControlLoop> action) {
    ControlLoop running = loop;
    if (running != null) {
      action.accept(running);
    }
  }

  private void run() {
    AgentCache opened = AgentCache.open(config, log);
    cache = opened;
    AgentState agent =
        new AgentState(mesh, opened, timing, log, clock, nanos, random, settled::countDown);
    Enrolment enrolment = new Enrolment(config, mesh, clock, log);
    InstanceReporter reporter = new InstanceReporter(config, agent, ports, source, clock.instant());
    ApiChannel channel = new ApiChannel(config, timing, agent, clock);
    LeaseLoop leasing =
        new LeaseLoop(
            config,
            timing,
            agent,
            enrolment,
            reporter,
            channel,
            () -> withLoop(ControlLoop::identityRenewed),
            why -> withLoop(running -> running.identityRefused(why)),
            log,
            nanos,
            random);
    ControlLoop looping =
        new ControlLoop(
            config,
            timing,
            agent,
            mesh,
            enrolment,
            new TokenSource(config.joinToken, config.joinTokenFile, log),
            reporter,
            leasing,
            new Backoff(timing.firstBackoffMillis, timing.maxBackoffMillis, random),
            log,
            clock,
            nanos);
    state = agent;
    lease = leasing;
    loop = looping;
    ports.onChange(leasing::reportChanged);
    if (closed) {
      leasing.stop();
      opened.close();
      return;
    }
    looping.run();
  }
}
