package dev.weft.benchmarks;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.DataPlaneBuilder;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.ClientSecurity;
import dev.weft.dataplane.outbound.Target;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TelemetryConfig;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole outbound call but for the sending: resolve, route over 20 rules, admit, balance over 10
 * endpoints, secure, propagate, classify, conclude. Goal: 2 us and 1 KiB when not sampled.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
public class OutboundDecision {
  private static final String NOT_SAMPLED =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";

  private static final String SAMPLED = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final PlainRequest request =
      new PlainRequest(
          "/api/orders/42?verbose=true",
          "host",
          "orders.shop:8080",
          "accept",
          "application/json",
          "user-agent",
          "benchmark",
          "x-user",
          "nobody");
  private final PlainRequest traced =
      new PlainRequest(
          "/api/orders/42?verbose=true",
          "host",
          "orders.shop:8080",
          "accept",
          "application/json",
          "traceparent",
          NOT_SAMPLED,
          "x-user",
          "nobody");
  private final PlainRequest sampled =
      new PlainRequest(
          "/api/orders/42?verbose=true",
          "host",
          "orders.shop:8080",
          "accept",
          "application/json",
          "traceparent",
          SAMPLED,
          "x-user",
          "nobody");
  private final NoLibrary call = new NoLibrary();
  private final Telemetry exporting = Telemetry.create();
  private final BlockingDriver plain = driver(null);
  private final BlockingDriver observed = driver(Telemetry.create());
  private final BlockingDriver sampling = driver(exporting);

  /** Starts the OpenTelemetry SDK; its collector is a port where nobody listens. */
  @Setup
  public void setUp() {
    exporting.start(
        TelemetryConfig.builder("shop", "shop")
            .properties(
                Map.of(
                    "otel.exporter.otlp.endpoint",
                    "http://127.0.0.1:9",
                    "otel.metrics.exporter",
                    "none"))
            .log(line -> {})
            .build());
  }

  /** Stops it. */
  @TearDown
  public void tearDown() {
    exporting.close();
  }

  private static BlockingDriver driver(@Nullable Telemetry telemetry) {
    DataPlaneBuilder builder =
        DataPlane.builder()
            .security(
                new ClientSecurity() {
                  @Override
                  public boolean ready() {
                    return true;
                  }

                  @Override
                  public long generation() {
                    return 7;
                  }
                });
    if (telemetry != null) {
      builder.telemetry(telemetry, "shop");
    }
    DataPlane plane = builder.build();
    plane.snapshots().apply(Meshes.everything());
    return plane.blocking();
  }

  /** Looking an authority up; what a call to a host outside the mesh pays. */
  @Benchmark
  public @Nullable Object passthrough() {
    return plain.resolve("http", "legacy.example.com:8080");
  }

  /** The decision without telemetry. */
  @Benchmark
  public Integer decision() throws Exception {
    return run(plain, request);
  }

  /** The decision with metrics, in a trace that is not sampled: the goal's case. */
  @Benchmark
  public Integer decisionNotSampled() throws Exception {
    return run(observed, traced);
  }

  /** The decision in a trace that is sampled: a span is made and queued for export. */
  @Benchmark
  public Integer decisionSampled() throws Exception {
    return run(sampling, sampled);
  }

  private Integer run(BlockingDriver driver, PlainRequest head) throws Exception {
    head.reset();
    Target target = driver.resolve("http", head.authority());
    if (target == null) {
      throw new IllegalStateException("orders is not in the snapshot");
    }
    return driver.execute(target, head, call);
  }

  /** A library that answers at once. */
  private static final class NoLibrary implements BlockingCall<Integer> {
    private static final Integer OK = 200;

    @Override
    public Integer send(Attempt attempt) {
      if (!attempt.secure()) {
        throw new IllegalStateException("the mesh of the benchmark is all mTLS");
      }
      return OK;
    }

    @Override
    public int status(Integer response) {
      return response;
    }

    @Override
    public @Nullable String header(Integer response, String name) {
      return null;
    }

    @Override
    public void discard(Integer response) {}

    @Override
    public Integer reply(LocalReply reply) {
      throw new IllegalStateException(reply.toString());
    }

    @Override
    public Integer editResponse(Integer response, HeaderEdits edits) {
      return response;
    }
  }
}
