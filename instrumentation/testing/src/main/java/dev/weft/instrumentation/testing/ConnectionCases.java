package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections are made as rarely as without the mesh, and never shared where they must not be. */
interface ConnectionCases extends OutboundCases {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void connectionsAreReused(boolean secured) throws Exception {
    TestInstance orders = rig().orders(secured);
    for (int i = 0; i < 20; i++) {
      assertThat(rig().client().send(Call.get("http://orders:8080/" + i)).status()).isEqualTo(200);
    }
    assertThat(orders.connections()).isEqualTo(1);
    assertThat(orders.handshakes()).isEqualTo(secured ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void connectionsArePooledPerInstance(boolean secured) throws Exception {
    TestInstance one = rig().instance("orders", secured);
    TestInstance two = rig().instance("orders", secured);
    rig().mesh().clear().service("orders", one, two).apply();
    for (int i = 0; i < 40; i++) {
      assertThat(rig().client().send(Call.get("http://orders:8080/")).status()).isEqualTo(200);
    }
    assertThat(one.requests().size() + two.requests().size()).isEqualTo(40);
    assertThat(one.requests()).isNotEmpty();
    assertThat(two.requests()).isNotEmpty();
    assertThat(one.connections()).isEqualTo(1);
    assertThat(two.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void connectionTakesAsManyRequestsAsPolicySays(boolean secured) throws Exception {
    TestInstance orders =
        rig()
            .instance("orders", secured)
            .answering(
                r ->
                    "close".equalsIgnoreCase(r.header("Connection"))
                        ? Reply.of(200, "bye").andClose()
                        : Reply.of(200, "hello"));
    assertThat(connectionsFor(5, 1, orders)).as("no keep-alive").isEqualTo(5);
    assertThat(orders.requests()).allMatch(r -> "close".equalsIgnoreCase(r.header("Connection")));
    assertThat(connectionsFor(9, 3, orders)).as("three on each").isEqualTo(3);
    assertThat(connectionsFor(5, 0, orders)).as("no limit").isEqualTo(1);
    assertThat(orders.openConnections()).as("none but the last is kept").isEqualTo(1);
  }

  private int connectionsFor(int requests, int limit, TestInstance orders) throws Exception {
    TrafficPolicy policy =
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().maxRequestsPerConnection(limit).build())
            .build();
    rig().mesh().clear().service("orders", s -> s.trafficPolicy(policy), orders).apply();
    int before = orders.connections();
    for (int i = 0; i < requests; i++) {
      assertThat(rig().client().send(Call.get("http://orders:8080/" + i)).status()).isEqualTo(200);
    }
    return orders.connections() - before;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void connectionClosedMeanwhileIsNoFailure(boolean secured) throws Exception {
    TestInstance orders = rig().orders(secured);
    for (int i = 0; i < 5; i++) {
      assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
      orders.closeConnections();
    }
    assertThat(orders.requests()).hasSize(5);
  }

  @Test
  default void manyThreadsShareTheClient() throws Exception {
    TestInstance orders = rig().orders(true).answering(r -> Reply.of(200, r.target()));
    AtomicInteger wrong = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        int number = t;
        tasks.add(
            () -> {
              for (int i = 0; i < 50; i++) {
                String path = "/" + number + "/" + i;
                if (!rig().client().send(Call.get("http://orders" + path)).text().equals(path)) {
                  wrong.incrementAndGet();
                }
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(wrong).hasValue(0);
    assertThat(orders.requests()).hasSize(300);
    assertThat(orders.handshakes()).isLessThanOrEqualTo(12);
  }

  @Test
  default void limitOfTheApplicationsPoolHolds() throws Exception {
    rig()
        .needs(
            Ability.POOL_LIMIT,
            place -> {
              CountDownLatch arrived = new CountDownLatch(1);
              CountDownLatch release = new CountDownLatch(1);
              OutboundRig.hanging(place.server(), arrived, release);
              ExecutorService other = Executors.newSingleThreadExecutor();
              try (ClientUnderTest client = rig().newClient(ClientSetup.plain().with(1, 300))) {
                Future<Result> held = other.submit(() -> client.send(Call.get(place.url("/"))));
                assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
                Call call = Call.get(place.url("/")).readTimeout(2_000);
                assertThatThrownBy(() -> client.send(call)).isInstanceOf(client.poolTimeout());
                assertThat(place.server().requests()).hasSize(1);
                release.countDown();
                assertThat(held.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
                assertThat(client.send(Call.get(place.url("/"))).status()).isEqualTo(200);
                assertThat(place.server().connections()).isEqualTo(1);
              } finally {
                release.countDown();
                other.shutdown();
              }
            });
  }
}
