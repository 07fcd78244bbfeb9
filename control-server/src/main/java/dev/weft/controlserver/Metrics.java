package dev.weft.controlserver;

import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.resource.PolicyDirectory;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.InstrumentationStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** What the server tells Prometheus about itself. Thread-safe. */
public final class Metrics implements WatchHub.PushObserver, AutoCloseable {
  /**
   * What is told apart in one metric; the rest shares a series, so that names that agents send
   * cannot fill the memory.
   */
  private static final int MAX_SERIES = 1_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final Counter joins;
  private final Counter refusedJoins;
  private final Counter renewals;
  private final Counter nacks;
  private final Counter lines;
  private final Counter dropped;
  private final Timer push;
  private final MultiGauge instances;
  private final MultiGauge instrumentation;

  Metrics() {
    joins = counter("weft.joins", "Agents that joined");
    refusedJoins = counter("weft.joins.refused", "Joins refused for a bad token or request");
    renewals = counter("weft.certificates.renewed", "Certificates renewed by agents");
    nacks = counter("weft.snapshots.refused", "Snapshots that an agent could not put in force");
    lines = counter("weft.snapshots.pushed", "Snapshots sent to agents");
    dropped = counter("weft.watches.dropped", "Watch streams cut because the agent was too slow");
    push =
        Timer.builder("weft.push.latency")
            .description("From a change to the last agent's snapshot handed to its connection")
            .serviceLevelObjectives(
                Duration.ofMillis(10),
                Duration.ofMillis(25),
                Duration.ofMillis(50),
                Duration.ofMillis(100),
                Duration.ofMillis(250),
                Duration.ofMillis(500),
                Duration.ofSeconds(1),
                Duration.ofSeconds(5))
            .register(registry);
    instances =
        MultiGauge.builder("weft.instances")
            .description("Instances by service and state")
            .register(registry);
    instrumentation =
        MultiGauge.builder("weft.instrumentation")
            .description("Live instances by library found and whether it is instrumented")
            .register(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  void watchCertificates(
      CertificateAuthority authority, Supplier<X509Certificate> server, Clock clock) {
    secondsLeft("root", authority::root, clock);
    secondsLeft("intermediate", authority::intermediate, clock);
    secondsLeft("server", server, clock);
  }

  void watchMesh(Supplier<Number> version, Supplier<Number> watching, Supplier<Number> restored) {
    Gauge.builder("weft.snapshot.version", version)
        .description("Version of the mesh's state")
        .register(registry);
    Gauge.builder("weft.restored", restored)
        .description("1 while the server runs from a backup that no operator has confirmed")
        .register(registry);
    Gauge.builder("weft.watches", watching).description("Open watch streams").register(registry);
  }

  void watchPolicyDirectory(Supplier<PolicyDirectory.Status> status) {
    Gauge.builder("weft.policy.dir.refused", () -> status.get().refused() ? 1 : 0)
        .description("1 while the content of the policy directory is not in force")
        .register(registry);
  }

  void watchIssuerKeys(Supplier<Number> failing) {
    Gauge.builder("weft.issuer.keys.failing", failing)
        .description("Addresses in policy that did not answer with keys when asked last")
        .register(registry);
  }

  public void joined() {
    joins.increment();
  }

  public void joinRefused() {
    refusedJoins.increment();
  }

  public void renewed() {
    renewals.increment();
  }

  public void nacked() {
    nacks.increment();
  }

  @Override
  public void pushed(int count, long nanos) {
    lines.increment(count);
    push.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void dropped() {
    dropped.increment();
  }

  /** Prometheus' text format. */
  public String scrape(Registry current) {
    Counts byService = new Counts("namespace", "service", "state");
    Counts byLibrary = new Counts("unit", "library", "version", "state", "reason");
    for (RegisteredInstance instance : current.all()) {
      InstanceReport report = instance.report();
      byService.add(report.namespace, report.service, instance.live() ? "live" : "expired");
      for (InstrumentationStatus each : report.instrumentation) {
        if (instance.live() && each.version != null) {
          byLibrary.add(
              each.name,
              each.library,
              each.version,
              each.state.text(),
              each.cause == null ? "" : each.cause);
        }
      }
    }
    instances.register(byService.rows(), true);
    instrumentation.register(byLibrary.rows(), true);
    return registry.scrape();
  }

  /** How often each combination of tags comes up, up to {@link #MAX_SERIES} of them. */
  private static final class Counts {
    private final List<String> tags;
    private final Map<List<String>, Integer> counts =
        new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));

    Counts(String... tags) {
      this.tags = List.of(tags);
    }

    void add(String... values) {
      List<String> key = List.of(values);
      boolean room = counts.containsKey(key) || counts.size() < MAX_SERIES;
      counts.merge(room ? key : Collections.nCopies(tags.size(), "other"), 1, Integer::sum);
    }

    List<MultiGauge.Row<?>> rows() {
      List<MultiGauge.Row<?>> rows = new ArrayList<>();
      counts.forEach(
          (values, count) -> {
            List<Tag> row = new ArrayList<>();
            for (int i = 0; i < tags.size(); i++) {
              row.add(Tag.of(tags.get(i), values.get(i)));
            }
            rows.add(MultiGauge.Row.of(Tags.of(row), count));
          });
      return rows;
    }
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  private void secondsLeft(String which, Supplier<X509Certificate> certificate, Clock clock) {
    Gauge.builder(
            "weft.certificate.expiry",
            () ->
                Duration.between(clock.instant(), certificate.get().getNotAfter().toInstant())
                    .toSeconds())
        .description("Time until a certificate of the control server expires")
        .baseUnit("seconds")
        .tag("certificate", which)
        .register(registry);
  }

  private Counter counter(String name, String description) {
    return Counter.builder(name).description(description).register(registry);
  }
}
