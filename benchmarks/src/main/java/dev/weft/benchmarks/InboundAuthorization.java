package dev.weft.benchmarks;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.identity.SpiffeId;
import dev.weft.dataplane.inbound.InboundDriver;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundObserver;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Judging a request under STRICT and 50 policies: 10 that deny somebody else, 40 that allow of
 * which the last allows this caller. Goal: 1 us and 256 B.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 2,
    jvmArgsAppend = {"-Xmx512m", "-XX:+UseSerialGC"})
public class InboundAuthorization {
  private final InboundDriver driver = driver();
  private final Received admitted = new Received("cluster.local/ns/shop/sa/caller-39");
  private final Received stranger = new Received("cluster.local/ns/other/sa/stranger");

  private static InboundDriver driver() {
    List<AuthorizationPolicy> policies = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      policies.add(policy(AuthorizationPolicy.Action.DENY, i, "cluster.local/ns/shop/sa/bad-" + i));
    }
    for (int i = 0; i < 40; i++) {
      policies.add(
          policy(AuthorizationPolicy.Action.ALLOW, i, "cluster.local/ns/shop/sa/caller-" + i));
    }
    InboundDriver driver = InboundDriver.of(InboundObserver.NONE, true, System::nanoTime);
    driver.update(InboundPolicy.builder().mode(MtlsMode.STRICT).authorization(policies).build());
    return driver;
  }

  private static AuthorizationPolicy policy(
      AuthorizationPolicy.Action action, int number, String principal) {
    Rule rule =
        Rule.builder()
            .from(List.of(Source.builder().principals(List.of(principal)).build()))
            .to(
                List.of(
                    Operation.builder()
                        .methods(List.of("GET", "HEAD"))
                        .paths(List.of("/api/orders/*", "/health"))
                        .build()))
            .build();
    return AuthorizationPolicy.builder()
        .name(action + "-" + number)
        .namespace("shop")
        .action(action)
        .rules(List.of(rule))
        .build();
  }

  /** A caller that the last policy lets in. */
  @Benchmark
  public boolean admitted() {
    return permitted(admitted, true);
  }

  /** A caller that none lets in. */
  @Benchmark
  public boolean refused() {
    return permitted(stranger, false);
  }

  private boolean permitted(Received request, boolean expected) {
    InboundExchange exchange = driver.begin(request);
    boolean permitted = exchange.permitted();
    if (permitted != expected) {
      throw new IllegalStateException("wrong verdict: " + exchange.rejection());
    }
    exchange.conclude(permitted ? 200 : 403, null);
    return permitted;
  }

  /** A request without a container. */
  private static final class Received implements InboundRequest {
    private final PeerIdentity peer;
    private final List<String> host = List.of("orders.shop:8080");

    Received(String principal) {
      SpiffeId id = Objects.requireNonNull(SpiffeId.parse("spiffe://" + principal));
      this.peer = PeerIdentity.of(id, new X509Certificate[0], Long.MAX_VALUE);
    }

    @Override
    public void setHeader(String name, String value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void removeHeader(String name) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void setAnswerHeader(String name, String value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void addAnswerHeader(String name, String value) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public List<String> headers(String name) {
      return name.equalsIgnoreCase("host") ? host : List.of();
    }

    @Override
    public Iterable<String> headerNames() {
      return new ArrayList<>();
    }

    @Override
    public String rawPath() {
      return "/api/orders/42?verbose=true";
    }

    @Override
    public String decodedPath() {
      return "/api/orders/42";
    }

    @Override
    public @Nullable String mappedPath() {
      return "/api/orders/42";
    }

    @Override
    public String remoteAddress() {
      return "10.0.0.7";
    }

    @Override
    public String localAddress() {
      return "10.0.0.1";
    }

    @Override
    public int localPort() {
      return 8080;
    }

    @Override
    public PeerIdentity peer() {
      return peer;
    }

    @Override
    public @Nullable String indicatedServerName() {
      return "orders";
    }
  }
}
