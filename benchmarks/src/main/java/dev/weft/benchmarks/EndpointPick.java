package dev.weft.benchmarks;

import dev.weft.dataplane.balance.Eligibility;
import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One pick among 10,000 endpoints, all in rotation or a tenth of them out. Goal: below 1 us. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
public class EndpointPick {
  private static final int ENDPOINTS = 10_000;
  private static final long NOW = 1_000_000_000L;

  /** How it is picked; LOCALITIES are three tiers under LEAST_REQUEST. */
  @Param({"LEAST_REQUEST", "ROUND_ROBIN", "RANDOM", "RING_HASH", "MAGLEV", "LOCALITIES"})
  private String balancer = "LEAST_REQUEST";

  /** Percent of endpoints that are ejected. */
  @Param({"0", "10"})
  private int out;

  private @Nullable EndpointPool pool;
  private long number;

  /** Applies a snapshot with one service and ejects a part of its endpoints. */
  @Setup
  public void setUp() {
    SnapshotHolder holder =
        SnapshotHolder.create(OwnInstance.of("me", "eu/a/1", Map.of()), () -> NOW);
    boolean placed = balancer.equals("LOCALITIES");
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 0; i < ENDPOINTS; i++) {
      String[] places = {"eu/a/1", "eu/b/1", "us/a/1"};
      endpoints.add(
          Endpoint.builder()
              .id("orders-" + i)
              .address("10.0." + i / 250 + "." + i % 250)
              .port(8080)
              .locality(placed ? places[i % places.length] : "")
              .build());
    }
    Service orders =
        Service.builder().host("orders").endpoints(endpoints).trafficPolicy(policy()).build();
    holder.apply(Snapshot.builder().version(1).services(List.of(orders)).build());
    CompiledService service = holder.current().service("orders");
    if (service == null) {
      throw new IllegalStateException("orders is not in the snapshot");
    }
    EndpointPool whole = service.whole();
    for (int i = 0; i < ENDPOINTS * out / 100; i++) {
      whole.endpoint(i * 10).state().record(500, false, whole.outliers(), NOW);
    }
    pool = whole;
  }

  private TrafficPolicy policy() {
    TrafficPolicy.Builder policy =
        TrafficPolicy.builder()
            .outlierDetection(
                OutlierDetection.builder().consecutive5xxErrors(1).maxEjectionPercent(50).build());
    return switch (balancer) {
      case "RING_HASH" ->
          policy.consistentHash(ConsistentHash.builder().name("user").build()).build();
      case "MAGLEV" ->
          policy
              .consistentHash(
                  ConsistentHash.builder()
                      .name("user")
                      .algorithm(ConsistentHash.Algorithm.MAGLEV)
                      .size(65_537)
                      .build())
              .build();
      case "LOCALITIES" -> policy.build();
      default -> policy.loadBalancer(LoadBalancer.valueOf(balancer)).build();
    };
  }

  /** As BALANCE does it: the tier, then the first level of eligibility. */
  @Benchmark
  public @Nullable CompiledEndpoint pick() {
    EndpointPool from = pool;
    if (from == null) {
      throw new IllegalStateException("not set up");
    }
    long hash = TextHash.again(++number, 1);
    int tier = from.drawTier(hash, RandomSource.THREAD_LOCAL, NOW);
    return from.pick(tier, HEALTHY, hash, RandomSource.THREAD_LOCAL, NOW);
  }

  private static final Eligibility HEALTHY =
      candidate -> ((CompiledEndpoint) candidate).state().available(NOW);
}
