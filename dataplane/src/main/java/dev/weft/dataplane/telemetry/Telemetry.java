package dev.weft.dataplane.telemetry;

import dev.weft.policy.snapshot.TelemetryPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Spans, metrics and the access log of one agent. Every method a request calls returns at once and
 * throws nothing: what goes wrong is counted in {@code weft_telemetry_faults_total}. Thread-safe.
 */
public final class Telemetry implements Closeable {

  /** How long the end of the JVM may wait for what is not yet delivered. */
  static final long SHUTDOWN_MILLIS = 300;

  private final Meters meters;
  private final EpochClock clock;
  private final LongAdder beginFaults;
  private final LongAdder concludeFaults;
  private final RequestLog log;
  private volatile Tracing tracing = Tracing.OFF;
  private volatile @Nullable MetricsEndpoint endpoint;
  private volatile @Nullable OpenTelemetryExport sdk;
  private volatile boolean idle;
  private volatile @Nullable TelemetryRules rules;

  private @Nullable TelemetryConfig config;
  private @Nullable TelemetryPolicy said;
  private final ForeignSpans foreign;

  private Telemetry(EpochClock clock, ForeignSpans foreign) {
    this.clock = clock;
    this.foreign = foreign;
    this.meters = Meters.create();
    this.beginFaults = meters.telemetryFaults().with("begin");
    this.concludeFaults = meters.telemetryFaults().with("conclude");
    this.log = new RequestLog(meters);
  }

  /** Telemetry that counts and exports nothing yet; {@link #start} adds the rest. */
  public static Telemetry create() {
    return create(ForeignSpans.NONE);
  }

  /** The same beside another tracer. */
  public static Telemetry create(ForeignSpans foreign) {
    return new Telemetry(EpochClock.system(), foreign);
  }

  static Telemetry create(Tracing tracing, ForeignSpans foreign) {
    Telemetry telemetry = create(foreign);
    telemetry.tracing = tracing;
    return telemetry;
  }

  /**
   * Opens what the configuration asks for: the access log, the Prometheus endpoint, the
   * OpenTelemetry SDK. Takes a tenth of a second of CPU when it exports, so it belongs on a thread
   * of the agent. What cannot be opened is one line in the log, and everything else goes on.
   */
  public synchronized void start(TelemetryConfig config) {
    log.open(config);
    if (config.metricsPort() >= 0) {
      InetSocketAddress address = new InetSocketAddress(config.metricsHost(), config.metricsPort());
      try {
        endpoint = MetricsEndpoint.open(address, meters, config.threads());
      } catch (IOException e) {
        config.log().accept("mesh.metrics-port: " + address + " cannot be opened: " + e);
      }
    }
    startSdk(config);
    this.config = config;
    readersChanged(config, said);
  }

  /**
   * Whether nobody will ever read what requests leave behind: no span, metric or log line of them
   * goes anywhere, so that only the trace of a caller is worth passing on. False until {@link
   * #start} has seen the configuration.
   */
  public boolean isIdle() {
    return idle && foreignSpan() == null;
  }

  private ForeignSpans.@Nullable Span foreignSpan() {
    try {
      return foreign.current();
    } catch (Throwable e) {
      foreignFault();
      return null;
    }
  }

  /** The other tracer failed; the request goes on. */
  void foreignFault() {
    meters.telemetryFaults().with("foreign").increment();
  }

  ForeignSpans foreign() {
    return foreign;
  }

  /** The metrics, for those who count things other than requests. */
  public Meters meters() {
    return meters;
  }

  /** The port of the Prometheus endpoint; 0 when there is none. */
  public int metricsPort() {
    MetricsEndpoint open = endpoint;
    return open == null ? 0 : open.port();
  }

  /**
   * An outbound call begins.
   *
   * @param traceparent what the application itself put on its request, joined when it is there
   * @return null when telemetry failed; the call goes on without it
   */
  public @Nullable Exchange outbound(
      String service,
      String method,
      String scheme,
      String authority,
      String path,
      @Nullable String traceparent,
      @Nullable String tracestate) {
    try {
      TraceContext given = TraceContext.parse(traceparent, tracestate);
      ForeignSpans.Span span = foreignSpan();
      Exchange exchange =
          begin(
              Exchange.Direction.OUTBOUND,
              meters.outbound(service),
              service,
              method,
              scheme,
              authority,
              path,
              given != null ? given : span != null ? span.context() : TraceContext.current());
      if (span != null) {
        if (given != null && given.isSameSpan(span.context())) {
          // What it wrote on the request is its own position: it is the span of this very call.
          exchange.joins(span);
        } else {
          exchange.within(span);
        }
      }
      return exchange;
    } catch (Throwable e) {
      beginFaults.increment();
      return null;
    }
  }

  /** An inbound request begins; parameters as for {@link #outbound}. */
  public @Nullable Exchange inbound(
      String service,
      String method,
      String scheme,
      String authority,
      String path,
      @Nullable String traceparent,
      @Nullable String tracestate) {
    try {
      ForeignSpans.Span span = foreignSpan();
      Exchange exchange =
          begin(
              Exchange.Direction.INBOUND,
              meters.inbound(service),
              service,
              method,
              scheme,
              authority,
              path,
              span == null ? TraceContext.parse(traceparent, tracestate) : span.context());
      if (span != null) {
        exchange.joins(span);
      }
      return exchange;
    } catch (Throwable e) {
      beginFaults.increment();
      return null;
    }
  }

  private Exchange begin(
      Exchange.Direction direction,
      ServiceMeter meter,
      String service,
      String method,
      String scheme,
      String authority,
      String path,
      @Nullable TraceContext parent) {
    Tracing current = tracing;
    TraceContext context = parent;
    boolean recorded = false;
    TelemetryRules said = rules;
    SideRules side = said == null ? null : said.of(direction);
    if (current.isOn() && !foreign.isPresent() && (side == null || side.spans())) {
      if (parent == null) {
        TraceContext root = TraceContext.root(false);
        recorded =
            (side != null && side.saysSampling())
                ? side.samples(root)
                : current.sample(null, root, direction);
        // Not sampled travels too: those further on must not start a trace of their own for it.
        context = root.sampled(recorded);
      } else {
        // Who began the trace has decided, where policy and not the agent's own sampler does.
        recorded =
            (side != null && side.saysSampling())
                ? parent.isSampled()
                : current.sample(parent, parent, direction);
        if (recorded || parent.isSampled()) {
          context = parent.child(recorded);
        }
      }
    }
    long now = clock.nanos();
    meter.active().increment();
    return new Exchange(
        this,
        direction,
        method,
        scheme,
        authority,
        path,
        service,
        meter,
        now,
        clock.epochNanos(now),
        parent,
        context,
        recorded,
        side);
  }

  /**
   * A connect or a statement is over, on the thread that works for it. Returns at once, throws
   * nothing.
   */
  public void database(DatabaseActivity activity) {
    try {
      meters.databases().record(activity);
      Tracing current = tracing;
      if (current.isOn() && !foreign.isPresent()) {
        trace(activity, current);
      }
      if (activity.detail != null) {
        ForeignSpans.Span around = foreignSpan();
        if (around != null) {
          // Refused before the driver was reached, where the other tracer would have seen it.
          around.event("weft.database", DatabaseAttributes.foreign(activity));
        }
      }
      log.offer(activity);
    } catch (Throwable e) {
      concludeFaults.increment();
    }
  }

  /** Connects of a pool's own threads belong to no request; a span of each would be noise. */
  private void trace(DatabaseActivity activity, Tracing current) {
    TraceContext parent = TraceContext.current();
    if (parent == null && activity.connect) {
      return;
    }
    TraceContext candidate = parent == null ? TraceContext.root(false) : parent;
    boolean recorded = current.sample(parent, candidate, Exchange.Direction.OUTBOUND);
    long now = clock.nanos();
    activity.startEpochNanos = clock.epochNanos(now) - activity.durationNanos;
    activity.parent = parent;
    activity.context = parent == null ? candidate.sampled(recorded) : parent.child(recorded);
    activity.recorded = recorded;
    if (recorded) {
      current.export(activity);
    }
  }

  /** Called by {@link Exchange#conclude}, at most one call of which counts. */
  void conclude(Exchange exchange, int status, @Nullable Throwable failure) {
    try {
      if (exchange.durationNanos >= 0) {
        return;
      }
      exchange.durationNanos = Math.max(0, clock.nanos() - exchange.startNanos);
      exchange.status = status;
      if (failure != null) {
        exchange.errorType = failure.getClass().getName();
      }
      exchange.meter.active().decrement();
      SideRules side = exchange.rules;
      if (side == null) {
        exchange.meter.route(exchange.route).record(status, exchange.flag, exchange.durationNanos);
      } else {
        side.record(exchange, meters);
      }
      if (exchange.recorded) {
        tracing.export(exchange);
      }
      exchange.tellAll();
      log.offer(exchange);
    } catch (Throwable e) {
      concludeFaults.increment();
    }
  }

  /**
   * Puts in force what policy says, for requests that begin from now on; on a thread of the agent.
   *
   * @param policy null when it says nothing
   */
  public synchronized void policy(@Nullable TelemetryPolicy policy) {
    if (Objects.equals(policy, said)) {
      // Most snapshots change something else.
      return;
    }
    said = policy;
    TelemetryConfig known = config;
    if (known == null && policy == null) {
      return;
    }
    rules =
        policy == null
            ? null
            : TelemetryRules.of(
                policy, System::getenv, () -> meters.telemetryFaults().with("policy").increment());
    if (known != null) {
      readersChanged(known, policy);
    }
  }

  private void readersChanged(TelemetryConfig known, @Nullable TelemetryPolicy policy) {
    boolean wanted =
        policy != null
            && (policy.client.log == TelemetrySide.Log.ON
                || policy.server.log == TelemetrySide.Log.ON);
    if (wanted) {
      log.openForPolicy(known);
    }
    idle = sdk == null && endpoint == null && log.isIdleWithoutPolicy() && !wanted;
  }

  long epochNow() {
    return clock.epochNanos(clock.nanos());
  }

  private void startSdk(TelemetryConfig config) {
    ExportPlan plan = ExportPlan.of(config);
    if (!plan.isOn()) {
      return;
    }
    try {
      OpenTelemetryExport export = OpenTelemetryExport.start(config, plan, meters);
      sdk = export;
      tracing = export.tracing();
    } catch (Throwable e) {
      meters.telemetryFaults().with("sdk-start").increment();
      config.log().accept("OpenTelemetry export could not start, nothing is exported: " + e);
    }
  }

  /** Delivers what waits, for at most 300 ms in all, and stops. */
  @Override
  public void close() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SHUTDOWN_MILLIS);
    tracing = Tracing.OFF;
    try {
      MetricsEndpoint listening = endpoint;
      if (listening != null) {
        listening.close();
      }
      OpenTelemetryExport export = sdk;
      if (export != null) {
        export.close(deadline - System.nanoTime());
      }
      log.close(deadline - System.nanoTime());
    } catch (IOException | RuntimeException e) {
      concludeFaults.increment();
    }
  }
}
