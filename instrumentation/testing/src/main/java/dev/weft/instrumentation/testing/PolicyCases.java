package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Faults, limits and time-outs of the policy look native to the application. */
interface PolicyCases extends OutboundCases {
  @Test
  default void injectedAbortIsAResponse() throws Exception {
    TestInstance orders = rig().instance("orders", true);
    Fault fault = Fault.builder().abortStatus(418).abortPercent(100).build();
    rig().route(r -> r.fault(fault), orders);
    Result result = rig().client().send(Call.get("http://orders/"));
    assertThat(result.status()).isEqualTo(418);
    assertThat(result.header("x-weft-rejection")).startsWith("FAULT");
    assertThat(result.text()).isNotEmpty();
    assertThat(orders.connections()).isZero();
  }

  @Test
  default void injectedDelayDelays() throws Exception {
    TestInstance orders = rig().instance("orders", true);
    Fault fault = Fault.builder().delayMillis(300).delayPercent(100).build();
    rig().route(r -> r.fault(fault), orders);
    long begin = System.nanoTime();
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(290));
  }

  @Test
  default void timeoutOfTheRouteEndsTheCall() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = OutboundRig.hanging(rig().instance("orders", true), release);
    rig().route(r -> r.timeoutMillis(300), orders);
    try {
      Throwable failure = null;
      int status = 0;
      try {
        status = rig().client().send(Call.get("http://orders/")).status();
      } catch (Exception e) {
        failure = e;
      }
      assertThat(status == 504 || rig().client().timeout().isInstance(failure))
          .as("status %s, failure %s", status, failure)
          .isTrue();
    } finally {
      release.countDown();
    }
  }

  @Test
  default void timeoutOfTheApplicationIsItsOwnException() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = rig().orders(true);
    rig().client().send(Call.get("http://orders/"));
    OutboundRig.hanging(orders, release);
    try {
      assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/").readTimeout(300)))
          .isInstanceOf(rig().client().timeout());
      assertThat(orders.requests()).hasSize(2);
    } finally {
      release.countDown();
    }
  }

  @Test
  default void unknownHostIsRefusedWhereOnlyTheRegistryCounts() throws Exception {
    refusesUnknownHost("http");
  }

  @Test
  default void unknownHostIsRefusedOverHttpsToo() throws Exception {
    refusesUnknownHost("https");
  }

  private void refusesUnknownHost(String scheme) throws Exception {
    TestInstance outside = rig().instance("outside", false);
    rig().orders(true);
    rig().mesh().apply(OutboundTrafficPolicy.REGISTRY_ONLY);
    try {
      Result refused = rig().client().send(Call.get(scheme + "://elsewhere.invalid/"));
      assertThat(refused.status()).isEqualTo(502);
      assertThat(refused.header("x-weft-rejection")).startsWith("RESOLVE");
      assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
      String here = OutboundRig.outside(outside, "/");
      assertThat(rig().client().send(Call.get(here)).status()).isEqualTo(200);
    } finally {
      rig().mesh().apply();
    }
  }

  @Test
  default void openBreakerSparesTheInstance() throws Exception {
    TestInstance bad = rig().instance("orders", true).answering(r -> Reply.of(500, "broken"));
    TestInstance good = rig().instance("orders", true);
    OutlierDetection open =
        OutlierDetection.builder()
            .consecutive5xxErrors(2)
            .baseEjectionMillis(60_000)
            .maxEjectionPercent(100)
            .build();
    TrafficPolicy policy = TrafficPolicy.builder().outlierDetection(open).build();
    rig().mesh().clear().service("orders", s -> s.trafficPolicy(policy), bad, good).apply();
    for (int i = 0; bad.requests().size() < 2; i++) {
      assertThat(i).as("calls that never met the bad instance twice").isLessThan(200);
      rig().client().send(Call.get("http://orders/"));
    }
    for (int i = 0; i < 20; i++) {
      Result result = rig().client().send(Call.get("http://orders/"));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.text()).isEqualTo("hello");
    }
    assertThat(bad.requests()).hasSize(2);
  }

  @Test
  default void oneCallTooManyIsRefusedAtOnce() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = rig().instance("orders", true);
    OutboundRig.hanging(orders, arrived, release);
    TrafficPolicy policy =
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().http2MaxRequests(1).build())
            .build();
    rig().mesh().clear().service("orders", s -> s.trafficPolicy(policy), orders).apply();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      Future<Result> held = other.submit(() -> rig().client().send(Call.get("http://orders/")));
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      Result refused = rig().client().send(Call.get("http://orders/"));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("x-weft-rejection")).startsWith("ADMIT");
      assertThat(orders.requests()).hasSize(1);
      release.countDown();
      assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
    } finally {
      release.countDown();
      other.shutdown();
    }
  }
}
