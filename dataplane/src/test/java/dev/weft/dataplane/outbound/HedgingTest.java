package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryBudget;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A slow call is sent to a second instance, too, and the books of both are right. */
class HedgingTest {
  private static final TrafficPolicy AFTER_50_MS =
      TrafficPolicy.builder().hedgeAfterMillis(50).build();

  private final FakeMesh mesh = new FakeMesh();
  private final FakeAsyncCall call = new FakeAsyncCall();
  private final List<String> told = new ArrayList<>();

  HedgingTest() {
    call.overlaps = true;
    mesh.observer =
        new ExchangeObserver() {
          @Override
          public void ended(OutboundExchange exchange) {
            Attempt attempt = exchange.attempt();
            told.add(
                exchange.status()
                    + " of "
                    + (attempt == null ? 0 : attempt.number())
                    + " in "
                    + exchange.attempts());
          }
        };
  }

  private CompletableFuture<Integer> execute(FakeRequest request) {
    return mesh.side().async().execute(mesh.target(), request, call);
  }

  private CompletableFuture<Integer> execute() {
    return execute(FakeRequest.get());
  }

  private int active() {
    int sum = 0;
    for (int i = 0; i < mesh.target().service().whole().size(); i++) {
      sum += mesh.target().service().whole().endpoint(i).state().active();
    }
    return sum;
  }

  private void assertNothingIsTaken() {
    assertThat(active()).isZero();
    assertThat(mesh.tasks).isEmpty();
    // With one permit for retries, the next hedge finds it only if the last one gave it back.
  }

  @Test
  void anotherInstanceIsAskedAfterAWhileAndTheFirstAnswerWins() {
    mesh.policy(2, AFTER_50_MS);
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(49);
    assertThat(call.sent).hasSize(1);
    mesh.advanceMillis(2);
    assertThat(call.sent).hasSize(2);
    assertThat(call.attempts.get(1).port()).isNotEqualTo(call.attempts.get(0).port());
    assertThat(call.copy.header(RequestContext.ATTEMPT_HEADER)).isEqualTo("2");
    assertThat(active()).isEqualTo(2);
    call.sent.get(1).complete(200);
    assertThat(result).isCompletedWithValue(200);
    assertThat(call.sent.get(0)).isCancelled();
    assertThat(told).containsExactly("200 of 2 in 2");
    assertNothingIsTaken();
  }

  /** Again and again, with one place each for the retry and the hedge: both are given back. */
  @Test
  void aSlowAttemptIsHedgedAlsoWhereOneBeforeItFailed() {
    mesh.policy(
        3,
        TrafficPolicy.builder()
            .hedgeAfterMillis(50)
            .retryBudget(RetryBudget.builder().percent(100).build())
            .connectionPool(ConnectionPool.builder().maxRetries(2).build())
            .build());
    for (int i = 0; i < 20; i++) {
      int at = call.sent.size();
      CompletableFuture<Integer> result = execute();
      call.sent.get(at).completeExceptionally(new ConnectException("Connection refused"));
      mesh.advanceMillis(300);
      assertThat(call.sent).hasSize(at + 3);
      mesh.advanceMillis(300);
      assertThat(call.sent).as("one hedge a call").hasSize(at + 3);
      call.sent.get(at + (i % 2 == 0 ? 2 : 1)).complete(200);
      assertThat(result).isCompletedWithValue(200);
      assertNothingIsTaken();
    }
  }

  @Test
  void theFirstAttemptMayWinAllTheSame() {
    mesh.policy(2, AFTER_50_MS);
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(51);
    call.sent.get(0).complete(200);
    assertThat(result).isCompletedWithValue(200);
    assertThat(call.sent.get(1)).isCancelled();
    assertThat(told).containsExactly("200 of 1 in 2");
    assertNothingIsTaken();
  }

  @Test
  void anAnswerInTimeIsNotHedged() {
    mesh.policy(2, AFTER_50_MS);
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(49);
    call.sent.get(0).complete(200);
    mesh.advanceMillis(100);
    assertThat(result).isCompletedWithValue(200);
    assertThat(call.sent).hasSize(1);
    assertNothingIsTaken();
  }

  @Test
  void onlyWhatMayBeSentTwiceIs() {
    mesh.policy(2, AFTER_50_MS);
    execute(FakeRequest.post());
    call.wholeBody = false;
    execute();
    mesh.advanceMillis(100);
    call.wholeBody = true;
    call.overlaps = false;
    execute();
    mesh.advanceMillis(100);
    assertThat(call.sent).hasSize(3);
  }

  @Test
  void nobodyIsAskedTwice() {
    mesh.policy(1, AFTER_50_MS);
    execute();
    mesh.advanceMillis(100);
    assertThat(call.sent).hasSize(1);
  }

  @Test
  void nobodyIsAskedWhoIsNotWell() {
    mesh.policy(
        2,
        TrafficPolicy.builder()
            .hedgeAfterMillis(50)
            .outlierDetection(
                OutlierDetection.builder().consecutive5xxErrors(1).maxEjectionPercent(50).build())
            .build());
    execute();
    call.sent.get(0).complete(500);
    execute();
    mesh.advanceMillis(100);
    assertThat(call.sent).hasSize(2);
    assertThat(call.attempts.get(1).port()).isNotEqualTo(call.attempts.get(0).port());
  }

  @Test
  void aFailureWaitsForTheOtherAttempt() {
    mesh.policy(3, AFTER_50_MS);
    for (int failing = 0; failing < 2; failing++) {
      call.sent.clear();
      CompletableFuture<Integer> result = execute();
      mesh.advanceMillis(51);
      call.sent.get(failing).completeExceptionally(new ConnectException("Connection refused"));
      assertThat(result).isNotDone();
      call.sent.get(1 - failing).complete(200);
      assertThat(result).isCompletedWithValue(200);
      assertNothingIsTaken();
    }
    assertThat(told).containsExactly("200 of 2 in 2", "200 of 1 in 2");
  }

  @Test
  void twoFailuresAreRetriedAtAThird() {
    mesh.policy(3, AFTER_50_MS);
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(51);
    call.sent.get(1).complete(503);
    call.sent.get(0).complete(503);
    mesh.advanceMillis(300);
    assertThat(call.sent).hasSize(3);
    assertThat(call.attempts.get(2).port())
        .isNotIn(call.attempts.get(0).port(), call.attempts.get(1).port());
    call.sent.get(2).complete(200);
    assertThat(result).isCompletedWithValue(200);
    assertThat(call.discarded).containsExactly(503, 503);
    assertNothingIsTaken();
  }

  @Test
  void cancellingEndsBoth() {
    mesh.policy(2, AFTER_50_MS);
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(51);
    result.cancel(true);
    assertThat(call.sent.get(0)).isCancelled();
    assertThat(call.sent.get(1)).isCancelled();
    assertThat(told).hasSize(1);
    assertNothingIsTaken();
  }

  @Test
  void cancellingBeforeMakesNone() {
    mesh.policy(2, AFTER_50_MS);
    execute().cancel(true);
    mesh.advanceMillis(100);
    assertThat(call.sent).hasSize(1);
    assertNothingIsTaken();
  }

  @Test
  void eachAttemptHasItsTime() {
    mesh.apply(
        2,
        service ->
            service
                .trafficPolicy(AFTER_50_MS)
                .routes(
                    Collections.singletonList(
                        Route.builder()
                            .backends(
                                Collections.singletonList(
                                    Backend.builder().host(FakeMesh.HOST).weight(1).build()))
                            .retries(
                                RetryPolicy.builder()
                                    .attempts(1)
                                    .perTryTimeoutMillis(100)
                                    .retryOn(Arrays.asList("5xx"))
                                    .build())
                            .build())));
    CompletableFuture<Integer> result = execute();
    mesh.advanceMillis(101);
    assertThat(call.sent.get(0)).isCancelled();
    assertThat(call.sent.get(1)).isNotDone();
    mesh.advanceMillis(48);
    assertThat(result).isNotDone();
    mesh.advanceMillis(3);
    assertThat(result).isCompletedWithValue(504);
    assertNothingIsTaken();
  }

  @Test
  void theLoserIsNeitherSuccessNorFailure() {
    mesh.policy(
        2,
        TrafficPolicy.builder()
            .hedgeAfterMillis(50)
            .retryBudget(RetryBudget.builder().percent(100).build())
            .outlierDetection(
                OutlierDetection.builder()
                    .consecutive5xxErrors(1)
                    .consecutiveLocalOriginFailures(1)
                    .maxEjectionPercent(100)
                    .build())
            .build());
    for (int i = 0; i < 20; i++) {
      call.sent.clear();
      execute();
      mesh.advanceMillis(51);
      call.sent.get(1).complete(200);
    }
    assertThat(mesh.target().service().whole().endpoint(0).state().available(mesh.now())).isTrue();
    assertThat(mesh.target().service().whole().endpoint(1).state().available(mesh.now())).isTrue();
    assertNothingIsTaken();
  }

  /** Whatever callers do, and however slow all instances are. */
  @Test
  void hedgesKeepToTheBudget() {
    Random random = new Random(11);
    for (int percent : new int[] {0, 5, 20, 50}) {
      FakeMesh fresh = new FakeMesh();
      fresh.policy(
          3,
          TrafficPolicy.builder()
              .hedgeAfterMillis(10)
              .retryBudget(
                  RetryBudget.builder()
                      .percent(percent)
                      .minRetryConcurrency(0)
                      .budgetIntervalMillis(10_000)
                      .build())
              .build());
      FakeAsyncCall slow = new FakeAsyncCall();
      slow.overlaps = true;
      int calls = 2_000;
      for (int i = 0; i < calls; i++) {
        int from = slow.sent.size();
        CompletableFuture<Integer> result =
            fresh.side().async().execute(fresh.target(), FakeRequest.get(), slow);
        fresh.advanceMillis(11 + random.nextInt(5));
        int which = from + random.nextInt(slow.sent.size() - from);
        slow.sent.get(which).complete(200);
        assertThat(result).isCompletedWithValue(200);
      }
      int hedges = slow.sent.size() - calls;
      assertThat(hedges).isLessThanOrEqualTo(calls * percent / 100 + 1);
      if (percent > 0) {
        assertThat(hedges).as("hedges at %s %%", percent).isGreaterThan(calls * percent / 400);
      }
    }
  }

  /**
   * Both answer, the application cancels, and time is over, all at once: one end, nothing taken.
   */
  @Test
  void racesHaveOneEnd() throws Exception {
    mesh.policy(
        2,
        TrafficPolicy.builder()
            .hedgeAfterMillis(50)
            .retryBudget(RetryBudget.builder().percent(100).minRetryConcurrency(1_000).build())
            .build());
    ExecutorService threads = Executors.newFixedThreadPool(3);
    AtomicInteger wins = new AtomicInteger();
    try {
      for (int i = 0; i < 2_000; i++) {
        call.sent.clear();
        told.clear();
        call.discarded.clear();
        CompletableFuture<Integer> result = execute();
        mesh.advanceMillis(51);
        assertThat(call.sent).as("attempts of call %s", i).hasSize(2);
        result.thenAccept(ignored -> wins.incrementAndGet());
        CyclicBarrier together = new CyclicBarrier(3);
        CompletableFuture<Integer> one = call.sent.get(0);
        CompletableFuture<Integer> two = call.sent.get(1);
        boolean cancels = i % 2 == 0;
        List<Future<?>> done = new ArrayList<>();
        done.add(threads.submit(() -> at(together, () -> one.complete(200))));
        done.add(threads.submit(() -> at(together, () -> two.complete(201))));
        done.add(
            threads.submit(() -> at(together, cancels ? () -> result.cancel(true) : () -> {})));
        for (Future<?> each : done) {
          each.get(10, TimeUnit.SECONDS);
        }
        assertThat(result).isDone();
        assertThat(told).hasSize(1);
        int answered = (one.isCancelled() ? 0 : 1) + (two.isCancelled() ? 0 : 1);
        int delivered = result.isCancelled() ? 0 : 1;
        assertThat(call.discarded).hasSize(answered - delivered);
        assertNothingIsTaken();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(wins.get()).isGreaterThanOrEqualTo(1_000);
  }

  private static void at(CyclicBarrier together, Runnable task) {
    try {
      together.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    task.run();
  }
}
