package dev.weft.instrumentation.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Calls beyond {@code maxConnections} wait for a place, and leave none taken however they end. */
interface PlaceCases extends OutboundCases {
  String HOST = "orders.shop.svc.cluster.local";

  /** One call is under way; what is sent beside it waits. */
  @FunctionalInterface
  interface Beside {
    /** Uses the executor for calls that wait. */
    void run(TestInstance orders, ExecutorService callers, Runnable release) throws Exception;
  }

  private void oneUnderWay(long timeoutMillis, Beside beside) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = rig().instance("orders", true);
    OutboundRig.hanging(orders, arrived, release);
    TrafficPolicy policy =
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().maxConnections(1).build())
            .build();
    rig().mesh().clear().service("orders", s -> s.trafficPolicy(policy), orders).apply();
    ExecutorService callers = Executors.newCachedThreadPool();
    try {
      Future<Result> first = callers.submit(() -> rig().client().send(Call.get("http://orders/")));
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      if (timeoutMillis > 0) {
        Route route =
            Route.builder()
                .backends(List.of(Backend.builder().host(HOST).weight(1).build()))
                .timeoutMillis(timeoutMillis)
                .build();
        rig()
            .mesh()
            .clear()
            .service("orders", s -> s.trafficPolicy(policy).routes(List.of(route)), orders)
            .apply();
      }
      beside.run(orders, callers, release::countDown);
      release.countDown();
      assertThat(first.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
      rig().mesh().clear().service("orders", s -> s.trafficPolicy(policy), orders).apply();
      for (int i = 0; i < 3; i++) {
        assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
      }
    } finally {
      release.countDown();
      callers.shutdownNow();
    }
  }

  private static void awaitWaiting(Future<Result> call, TestInstance orders) {
    assertThatThrownBy(() -> call.get(300, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(orders.requests()).hasSize(1);
  }

  @Test
  default void aCallBeyondTheConnectionsWaitsForAPlace() throws Exception {
    oneUnderWay(
        0,
        (orders, callers, release) -> {
          Callable<Result> call = () -> rig().client().send(Call.get("http://orders/"));
          Future<Result> second = callers.submit(call);
          Future<Result> third = callers.submit(call);
          awaitWaiting(second, orders);
          awaitWaiting(third, orders);
          release.run();
          assertThat(second.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
          assertThat(third.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        });
  }

  @Test
  default void aCallThatWaitsForAPlaceEndsByTheRoutesTimeout() throws Exception {
    oneUnderWay(
        300,
        (orders, callers, release) -> {
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
          assertThat(orders.requests()).hasSize(1);
        });
  }

  @Test
  default void aCallThatWaitsForAPlaceIsCancelledAtOnce() throws Exception {
    assumeTrue(rig().can(Ability.CANCEL), "the client has no way to cancel a call");
    oneUnderWay(
        0,
        (orders, callers, release) -> {
          AtomicReference<Runnable> cancel = new AtomicReference<>();
          Call call = Call.get("http://orders/").cancelledBy(cancel::set);
          Future<Result> waiting = callers.submit(() -> rig().client().send(call));
          awaitWaiting(waiting, orders);
          requireNonNull(cancel.get()).run();
          assertThatThrownBy(() -> waiting.get(2, TimeUnit.SECONDS))
              .isInstanceOf(ExecutionException.class);
          assertThat(orders.requests()).hasSize(1);
        });
  }

  @Test
  default void aCallThatWaitsForAPlaceIsInterruptedAtOnce() throws Exception {
    oneUnderWay(
        0,
        (orders, callers, release) -> {
          AtomicReference<Thread> thread = new AtomicReference<>();
          Future<Result> waiting =
              callers.submit(
                  () -> {
                    thread.set(Thread.currentThread());
                    return rig().client().send(Call.get("http://orders/"));
                  });
          awaitWaiting(waiting, orders);
          requireNonNull(thread.get()).interrupt();
          assertThatThrownBy(() -> waiting.get(2, TimeUnit.SECONDS))
              .isInstanceOf(ExecutionException.class);
          assertThat(orders.requests()).hasSize(1);
        });
  }

  @Test
  default void aCallWaitsForAPlaceNoLongerThanTheApplication() throws Exception {
    oneUnderWay(
        0,
        (orders, callers, release) -> {
          try (ClientUnderTest client = rig().newClient(ClientSetup.plain().with(5, 300))) {
            Call call = Call.get("http://orders/").readTimeout(300);
            Future<Result> waiting = callers.submit(() -> client.send(call));
            assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
            assertThat(orders.requests()).hasSize(1);
          }
        });
  }
}
