package dev.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Every metric of one agent. What is named here is what the Prometheus endpoint and OTLP show;
 * docs/telemetry.md lists it. Thread-safe.
 */
public final class Meters {

  /** How many services and routes, and how many series of any other metric, are told apart. */
  static final int MAX_SERIES = 1_000;

  private static final int STATUS_CLASSES_TIMES_FLAGS = 6 * 40;

  private final List<MeterFamily<?>> families = new CopyOnWriteArrayList<>();
  private final Map<String, ServiceMeter> outbound = new ConcurrentHashMap<>();
  private final Map<String, ServiceMeter> inbound = new ConcurrentHashMap<>();

  private final MeterFamily<LongAdder> requests =
      register(
          new MeterFamily<>(
              "weft_requests_total",
              "Requests by service, route, status class and response flag",
              MeterFamily.Kind.COUNTER,
              MAX_SERIES * STATUS_CLASSES_TIMES_FLAGS,
              LongAdder::new,
              "direction",
              "service",
              "route",
              "status_class",
              "response_flag"));
  private final MeterFamily<Histogram> durations =
      register(
          new MeterFamily<>(
              "weft_request_duration_seconds",
              "Duration of requests by service and route",
              MeterFamily.Kind.HISTOGRAM,
              MAX_SERIES,
              Histogram::ofRequests,
              "direction",
              "service",
              "route"));
  private final MeterFamily<LongAdder> active =
      register(
          new MeterFamily<>(
              "weft_requests_active",
              "Requests in flight by service",
              MeterFamily.Kind.GAUGE,
              MAX_SERIES,
              LongAdder::new,
              "direction",
              "service"));

  private final MeterFamily<LongAdder> retries =
      counter("weft_retries_total", "Attempts after the first", "service");
  private final MeterFamily<LongAdder> hedges =
      counter("weft_hedges_total", "Attempts beside one that was slow to answer", "service");
  private final MeterFamily<LongAdder> ejections =
      counter("weft_ejections_total", "Endpoints ejected by outlier detection", "service");
  private final MeterFamily<LongAdder> breakerRejections =
      counter("weft_breaker_rejections_total", "Requests refused by a circuit breaker", "service");
  private final MeterFamily<LongAdder> mirrored =
      counter("weft_mirrored_total", "Copies of requests for mirrors", "service", "outcome");
  private final MeterFamily<LongAdder> audits =
      counter("weft_audit_matches_total", "Requests that an AUDIT policy matched", "policy");
  private final MeterFamily<LongAdder> authorizerChecks =
      counter(
          "weft_authorizer_checks_total",
          "Requests about which an external authorizer was asked",
          "provider",
          "outcome");
  private final MeterFamily<LongAdder> connections =
      counter(
          "weft_connections_total",
          "Connections with instances or clients",
          "direction",
          "security");
  private final MeterFamily<LongAdder> handshakes =
      counter("weft_handshakes_total", "TLS handshakes", "direction", "outcome", "reason");
  private final MeterFamily<LongAdder> telemetryFaults =
      counter("weft_telemetry_faults_total", "Errors swallowed so that a request went on", "where");
  private final MeterFamily<LongAdder> telemetryDrops =
      counter("weft_telemetry_dropped_total", "Spans and log lines not delivered", "what");

  private final DatabaseMeters databases = new DatabaseMeters(this);

  private Meters() {}

  /** An empty set. */
  public static Meters create() {
    return new Meters();
  }

  /** The meters of a service that is called; finding one that exists allocates nothing. */
  public ServiceMeter outbound(String service) {
    return serviceMeter(outbound, "outbound", service);
  }

  /** The meters of a service that answers here. */
  public ServiceMeter inbound(String service) {
    return serviceMeter(inbound, "inbound", service);
  }

  MeterFamily<LongAdder> requests() {
    return requests;
  }

  MeterFamily<Histogram> durations() {
    return durations;
  }

  /** Attempts after the first, by service. */
  public MeterFamily<LongAdder> retries() {
    return retries;
  }

  /** Attempts beside one that was slow to answer, by service. */
  public MeterFamily<LongAdder> hedges() {
    return hedges;
  }

  /** Ejections by outlier detection, by service. */
  public MeterFamily<LongAdder> ejections() {
    return ejections;
  }

  /** Requests a circuit breaker refused, by service. */
  public MeterFamily<LongAdder> breakerRejections() {
    return breakerRejections;
  }

  /** Copies of requests, by mirror and outcome ({@code sent}, {@code failed}, {@code dropped}). */
  public MeterFamily<LongAdder> mirrored() {
    return mirrored;
  }

  /** Requests that a policy of action AUDIT matched, by {@code namespace/name}. */
  public MeterFamily<LongAdder> audits() {
    return audits;
  }

  /**
   * Requests about which an authorizer was asked, by provider and outcome ({@code allowed}, {@code
   * denied}, {@code failed}, {@code timeout}).
   */
  public MeterFamily<LongAdder> authorizerChecks() {
    return authorizerChecks;
  }

  /** Connections, by direction and security ({@code mtls}, {@code tls}, {@code plaintext}). */
  public MeterFamily<LongAdder> connections() {
    return connections;
  }

  /** TLS handshakes, by direction, outcome ({@code ok}, {@code refused}) and reason. */
  public MeterFamily<LongAdder> handshakes() {
    return handshakes;
  }

  /** What telemetry itself got wrong, by place. */
  public MeterFamily<LongAdder> telemetryFaults() {
    return telemetryFaults;
  }

  /** What telemetry could not deliver, by kind. */
  public MeterFamily<LongAdder> telemetryDrops() {
    return telemetryDrops;
  }

  /** Of databases. */
  public DatabaseMeters databases() {
    return databases;
  }

  /** A further counter, labelled as given. */
  public MeterFamily<LongAdder> counter(String name, String description, String... labelNames) {
    return register(
        new MeterFamily<>(
            name, description, MeterFamily.Kind.COUNTER, MAX_SERIES, LongAdder::new, labelNames));
  }

  /** A value read at the moment somebody asks, such as the seconds a certificate has left. */
  public void gauge(String name, String description, DoubleSupplier value) {
    MeterFamily<DoubleSupplier> family =
        new MeterFamily<>(name, description, MeterFamily.Kind.GAUGE, 1, () -> value);
    family.with();
    register(family);
  }

  /**
   * Facts that are true or not at the moment somebody asks, as series of the value 1.
   *
   * @param rows label values of the facts that are true; called on telemetry's threads
   */
  public void info(
      String name, String description, Supplier<List<List<String>>> rows, String... labelNames) {
    register(MeterFamily.info(name, description, MAX_SERIES, rows, labelNames));
  }

  List<MeterFamily<?>> families() {
    return Collections.unmodifiableList(Arrays.asList(families.toArray(new MeterFamily<?>[0])));
  }

  private ServiceMeter serviceMeter(
      Map<String, ServiceMeter> meters, String direction, String service) {
    ServiceMeter known = meters.get(service);
    if (known != null) {
      return known;
    }
    String bounded = meters.size() >= MAX_SERIES ? Labels.OTHER : service;
    return meters.computeIfAbsent(
        bounded,
        absent ->
            new ServiceMeter(
                direction,
                bounded,
                active.with(direction, bounded),
                route -> open(direction, bounded, route)));
  }

  /** A service and route of their own, or, when there are too many, the common rest. */
  private RequestMeter open(String direction, String service, String route) {
    boolean full = durations.isFull();
    String boundedService = full ? Labels.OTHER : service;
    String boundedRoute = full ? Labels.OTHER : route;
    Histogram duration = durations.with(direction, boundedService, boundedRoute);
    return new RequestMeter(requests, duration, direction, boundedService, boundedRoute);
  }

  <S> MeterFamily<S> register(MeterFamily<S> family) {
    families.add(family);
    return family;
  }
}
