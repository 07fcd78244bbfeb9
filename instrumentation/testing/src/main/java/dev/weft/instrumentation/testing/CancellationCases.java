package dev.weft.instrumentation.testing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.policy.snapshot.Fault;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The application gives up: the call ends at once, for good, and like one outside the mesh. */
interface CancellationCases extends OutboundCases {
  @Test
  default void callThatIsCancelledEndsAndIsNotSentAgain() throws Exception {
    rig()
        .needs(
            Ability.CANCEL,
            place -> {
              CountDownLatch arrived = new CountDownLatch(1);
              CountDownLatch release = new CountDownLatch(1);
              OutboundRig.hanging(place.server(), arrived, release);
              AtomicReference<Runnable> cancel = new AtomicReference<>();
              ExecutorService caller = Executors.newSingleThreadExecutor();
              try {
                Call call = Call.get(place.url("/")).cancelledBy(cancel::set);
                Future<Result> result = caller.submit(() -> rig().client().send(call));
                assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
                requireNonNull(cancel.get()).run();
                assertThatThrownBy(() -> result.get(5, TimeUnit.SECONDS))
                    .isInstanceOf(java.util.concurrent.ExecutionException.class);
                assertThat(place.server().requests()).hasSize(1);
              } finally {
                release.countDown();
                caller.shutdown();
              }
              await().until(() -> place.server().openConnections() == 0);
              assertThat(rig().client().send(Call.get(place.url("/"))).status()).isEqualTo(200);
            });
  }

  @Test
  default void interruptUnderWayDoesWhatItDoesOutside() throws Exception {
    TestInstance outside = rig().instance("outside", false);
    String apart = interruptedCall(outside, OutboundRig.outside(outside, "/"), false);
    TestInstance orders = rig().orders(true);
    assertThat(interruptedCall(orders, "http://orders/", false)).isEqualTo(apart);
    assertThat(orders.requests()).hasSize(1);
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  /**
   * Interrupts a call that hangs, and lets the server answer when that ends nothing.
   *
   * @param before whether the thread is interrupted before it calls; it hangs then, too, as whether
   *     an answer is there already decides what libraries with futures do
   */
  private String interruptedCall(TestInstance server, String url, boolean before) throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    OutboundRig.hanging(server, arrived, release);
    AtomicReference<String> outcome = new AtomicReference<>();
    Thread caller =
        new Thread(
            () -> {
              if (before) {
                Thread.currentThread().interrupt();
              }
              outcome.set(outcome(url));
            });
    try {
      caller.start();
      if (!before) {
        assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
        awaitBlocked(caller);
        caller.interrupt();
      }
      caller.join(1_000);
    } finally {
      release.countDown();
    }
    caller.join(10_000);
    return requireNonNull(outcome.get());
  }

  /**
   * Waits until a caller waits for its answer: an interrupt while it still comes back from sending
   * is noticed by libraries that do not notice one in the midst of a read.
   */
  private static void awaitBlocked(Thread caller) {
    await("the caller to wait for its answer")
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              StackTraceElement[] stack = caller.getStackTrace();
              return caller.getState() != Thread.State.RUNNABLE
                  || (stack.length > 0 && stack[0].isNativeMethod());
            });
  }

  /** How a call ended, and whether the thread is still marked as interrupted. */
  private String outcome(String url) {
    String ended;
    try {
      ended = String.valueOf(rig().client().send(Call.get(url)).status());
    } catch (Exception e) {
      ended = e.getClass().getName();
    }
    return ended + ", interrupted: " + Thread.currentThread().isInterrupted();
  }

  @Test
  default void callOfAnInterruptedThreadDoesWhatItDoesOutside() throws Exception {
    TestInstance outside = rig().instance("outside", false);
    String apart = interruptedCall(outside, OutboundRig.outside(outside, "/"), true);
    TestInstance orders = rig().orders(true);
    assertThat(interruptedCall(orders, "http://orders/", true)).isEqualTo(apart);
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @Test
  default void interruptEndsAWaitOfTheMesh() throws Exception {
    TestInstance orders = rig().instance("orders", true);
    Fault fault = Fault.builder().delayMillis(20_000).delayPercent(100).build();
    rig().route(r -> r.fault(fault), orders);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Thread> thread = new AtomicReference<>();
    try {
      Future<Result> call =
          caller.submit(
              () -> {
                thread.set(Thread.currentThread());
                begun.countDown();
                return rig().client().send(Call.get("http://orders/"));
              });
      assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> call.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      requireNonNull(thread.get()).interrupt();
      assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
          .cause()
          .isInstanceOfAny(InterruptedIOException.class, InterruptedException.class);
    } finally {
      caller.shutdown();
    }
    assertThat(orders.connections()).isZero();
  }
}
