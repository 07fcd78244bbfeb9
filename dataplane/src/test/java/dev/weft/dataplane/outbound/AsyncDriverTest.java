package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import java.net.ConnectException;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AsyncDriverTest {
  private final FakeMesh mesh = new FakeMesh();
  private final FakeAsyncCall call = new FakeAsyncCall();

  private CompletableFuture<Integer> execute() {
    return mesh.side().async().execute(mesh.target(), FakeRequest.get(), call);
  }

  private static Route.Builder toOrders() {
    return Route.builder()
        .name("r")
        .backends(
            Collections.singletonList(Backend.builder().host(FakeMesh.HOST).weight(1).build()));
  }

  @Test
  void answersComplete() {
    mesh.endpoints(2);
    CompletableFuture<Integer> result = execute();
    assertThat(result).isNotDone();
    assertThat(Attempt.current()).isNull();
    call.sent.get(0).complete(200);
    assertThat(result).isCompletedWithValue(200);
    assertThat(mesh.tasks).isEmpty();
  }

  @Test
  void retriesComeFromTheTimerAndGoElsewhere() {
    mesh.endpoints(2);
    CompletableFuture<Integer> result = execute();
    call.sent.get(0).complete(503);
    assertThat(call.sent).hasSize(1);
    mesh.advanceMillis(300);
    assertThat(call.sent).hasSize(2);
    assertThat(call.attempts.get(0).port()).isNotEqualTo(call.attempts.get(1).port());
    call.sent.get(1).complete(200);
    assertThat(result).isCompletedWithValue(200);
    assertThat(call.discarded).containsExactly(503);
  }

  @Test
  void aRetryWaitsUntilADiscardedResponseHasEnded() {
    mesh.endpoints(2);
    CompletableFuture<Void> draining = new CompletableFuture<>();
    call.draining = draining;
    execute();
    call.sent.get(0).complete(503);
    mesh.advanceMillis(99);
    assertThat(call.sent).hasSize(1);
    draining.complete(null);
    mesh.advanceMillis(300);
    assertThat(call.sent).hasSize(2);
    assertThat(call.abandoned).isEmpty();
    call.sent.get(1).complete(200);
    assertThat(mesh.tasks).isEmpty();
  }

  @Test
  void aDiscardedResponseThatDoesNotEndIsAbandoned() {
    mesh.endpoints(2);
    CompletableFuture<Void> draining = new CompletableFuture<>();
    call.draining = draining;
    CompletableFuture<Integer> result = execute();
    call.sent.get(0).complete(503);
    mesh.advanceMillis(101);
    assertThat(call.abandoned).containsExactly(503);
    mesh.advanceMillis(300);
    assertThat(call.sent).hasSize(2);
    draining.complete(null);
    mesh.advanceMillis(300);
    assertThat(call.sent).hasSize(2);
    call.sent.get(1).complete(200);
    assertThat(result).isCompletedWithValue(200);
  }

  @Test
  void theLibrarysFailureComesOutBare() {
    mesh.endpoints(1);
    CompletableFuture<Integer> result = execute();
    for (int i = 0; i < 3; i++) {
      mesh.advanceMillis(300);
      call.sent.get(i).completeExceptionally(new ConnectException("Connection refused"));
    }
    assertThat(result).isCompletedExceptionally();
    assertThat(result.handle((value, failure) -> failure).join())
        .isInstanceOf(ConnectException.class);
    assertThat(ResponseFlag.text(mesh.last().flags())).isEqualTo("UF,URX");
  }

  @Test
  void anAttemptThatTakesTooLongIsCancelledAndTriedAgain() {
    mesh.route(
        2,
        toOrders()
            .retries(
                RetryPolicy.builder()
                    .attempts(1)
                    .perTryTimeoutMillis(100)
                    .retryOn(Arrays.asList("5xx"))
                    .build())
            .build());
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(101);
    assertThat(call.sent.get(0)).isCancelled();
    mesh.advanceMillis(50);
    assertThat(call.sent).hasSize(2);
    mesh.advanceMillis(101);
    assertThat(result).isCompletedWithValue(504);
    assertThat(ResponseFlag.text(mesh.last().flags())).isEqualTo("UT,URX");
  }

  @Test
  void aDelayHoldsNoThread() {
    mesh.route(
        1, toOrders().fault(Fault.builder().delayMillis(500).delayPercent(100).build()).build());
    CompletableFuture<Integer> result = execute();
    assertThat(call.sent).isEmpty();
    mesh.advanceMillis(499);
    assertThat(call.sent).isEmpty();
    mesh.advanceMillis(2);
    call.sent.get(0).complete(200);
    assertThat(result).isCompletedWithValue(200);
    assertThat(mesh.parked).isEmpty();
  }

  @Test
  void cancellingReachesTheAttemptAndGivesEverythingBack() {
    mesh.endpoints(1);
    CompletableFuture<Integer> result = execute();
    assertThat(mesh.target().service().whole().endpoint(0).active()).isEqualTo(1);
    result.cancel(true);
    assertThat(call.sent.get(0)).isCancelled();
    assertThat(mesh.target().service().whole().endpoint(0).active()).isZero();
    assertThat(call.sent).hasSize(1);
  }

  @Test
  void cancellingDuringADelaySendsNothing() {
    mesh.route(
        1, toOrders().fault(Fault.builder().delayMillis(500).delayPercent(100).build()).build());
    CompletableFuture<Integer> result = execute();
    result.cancel(true);
    mesh.advance(TimeUnit.SECONDS.toNanos(1));
    assertThat(call.sent).isEmpty();
  }

  @Test
  void theRealTimerIsADaemonThreadOfItsName() throws Exception {
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    MeshTimer.daemon().schedule(() -> ran.complete(Thread.currentThread()), 1);
    Thread thread = ran.get(10, TimeUnit.SECONDS);
    assertThat(thread.getName()).isEqualTo("mesh-timer");
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getContextClassLoader()).isNull();
  }
}
