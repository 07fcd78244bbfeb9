package dev.weft.dataplane.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.RetryBudget;
import org.junit.jupiter.api.Test;

class RetryBudgetStateTest {
  private static final long MILLI = 1_000_000L;
  private final RetryBudgetState budget = new RetryBudgetState();
  private final RetryBudget policy =
      RetryBudget.builder().percent(20).minRetryConcurrency(3).budgetIntervalMillis(10_000).build();

  private int retriesOf(int requests, long apart, long start) {
    return retriesOf(requests, apart, start, AttemptCost.UNKNOWN);
  }

  /** Retries allowed when each request asks for one. */
  private int retriesOf(int requests, long apart, long start, AttemptCost cost) {
    return retriesOf(requests, apart, start, cost, 1);
  }

  /** Retries allowed when one request of so many asks for one. */
  private int retriesOf(int requests, long apart, long start, AttemptCost cost, int oneOf) {
    int allowed = 0;
    for (int i = 0; i < requests; i++) {
      long now = start + i * apart;
      budget.request(policy, false, now);
      if (i % oneOf == 0) {
        if (cost == AttemptCost.WORK) {
          budget.failedAtWork(now);
        }
        if (budget.tryRetry(policy, 0, cost, now)) {
          allowed++;
          budget.finished();
        }
      }
    }
    return allowed;
  }

  @Test
  void aBusyCallerRetriesAFifth() {
    assertThat(retriesOf(100_000, MILLI, 0)).isBetween(19_900, 20_100);
  }

  @Test
  void aQuietCallerRetriesThreeASecond() {
    assertThat(retriesOf(25, 1, 0)).isEqualTo(25);
    assertThat(retriesOf(25, 1, 1)).isEqualTo(5);
  }

  @Test
  void onlyCallsThatWereCutShortUseUpTheWindowAtOnce() {
    retriesOf(10_000, MILLI, 0, AttemptCost.UNKNOWN, 20_000);
    assertThat(retriesOf(1_000, MILLI, 10_000 * MILLI)).isBetween(990, 1_000);
  }

  @Test
  void retriesOfWorkKeepTheirPace() {
    retriesOf(10_000, MILLI, 0, AttemptCost.UNKNOWN, 20_000);
    int allowed = retriesOf(1_000, MILLI, 10_000 * MILLI, AttemptCost.WORK, 3);
    assertThat(allowed).as("a fifth, whatever is in store").isBetween(190, 200);
  }

  /**
   * Ten retries of work in a tenth of the window were too few: callers saw what had been hidden.
   */
  @Test
  void aShortBurstOfFewCallsIsRetriedWhole() {
    assertThat(retriesOf(60, MILLI, 0, AttemptCost.WORK, 3)).isEqualTo(20);
  }

  @Test
  void whatFailsNowAndThenIsRetriedAlways() {
    for (long hour = 0; hour < 10; hour++) {
      assertThat(retriesOf(9_000, MILLI, hour * 3_600_000 * MILLI, AttemptCost.WORK, 9))
          .isEqualTo(1_000);
    }
  }

  @Test
  void workIsNotRetriedWhereNothingSucceeds() {
    int allowed = 0;
    for (int i = 0; i < 10_000; i++) {
      budget.request(policy, false, i * MILLI);
      budget.failedAtWork(i * MILLI);
      if (budget.tryRetry(policy, 0, AttemptCost.WORK, i * MILLI)) {
        allowed++;
        budget.failedAtWork(i * MILLI);
      }
    }
    assertThat(allowed).isBetween(10, 80);
    assertThat(retriesOf(100, MILLI, 10_000 * MILLI, AttemptCost.WORK, 200)).isZero();
    assertThat(retriesOf(900, MILLI, 10_100 * MILLI, AttemptCost.WORK, 9))
        .as("well again")
        .isEqualTo(100);
  }

  @Test
  void aQuietCallerMayRetryWorkThatNeverSucceeds() {
    assertThat(retriesOf(100, 500 * MILLI, 0, AttemptCost.WORK)).isEqualTo(100);
  }

  @Test
  void aShareOfAllRequestsAsksForEveryRetry() {
    RetryBudget all = policy.toBuilder().percent(100).build();
    int allowed = 0;
    for (int i = 0; i < 1_000; i++) {
      budget.request(all, false, i * MILLI);
      budget.failedAtWork(i * MILLI);
      allowed += budget.tryRetry(all, 0, AttemptCost.WORK, i * MILLI) ? 1 : 0;
    }
    assertThat(allowed).isEqualTo(1_000);
  }

  @Test
  void whatFoundNoConnectionIsOutsideOfTheShare() {
    assertThat(retriesOf(9_000, MILLI, 0, AttemptCost.NONE, 3)).isEqualTo(3_000);
    assertThat(retriesOf(100, MILLI, 9_000 * MILLI)).as("the share is untouched").isEqualTo(100);
  }

  @Test
  void whatFoundNoConnectionIsRetriedOncePerRequestOnAverage() {
    int allowed = 0;
    for (int i = 0; i < 1_000; i++) {
      budget.request(policy, false, i * MILLI);
      for (int attempt = 0; attempt < 3; attempt++) {
        allowed += budget.tryRetry(policy, 0, AttemptCost.NONE, i * MILLI) ? 1 : 0;
      }
    }
    assertThat(allowed).isBetween(1_000, 1_030);
    RetryBudget none = policy.toBuilder().percent(0).minRetryConcurrency(0).build();
    assertThat(budget.tryRetry(none, 0, AttemptCost.NONE, 0)).isFalse();
  }

  @Test
  void requestsThatAreRetriesCountAsSuch() {
    for (int i = 0; i < 10_000; i++) {
      budget.request(policy, i % 6 == 5, i * MILLI);
    }
    assertThat(retriesOf(1, MILLI, 10_000 * MILLI)).as("a fifth is used up").isZero();
  }

  @Test
  void theWindowMovesOn() {
    assertThat(retriesOf(100, 1, 0)).isEqualTo(30);
    assertThat(retriesOf(10, 1, 11_000 * MILLI)).isEqualTo(10);
  }

  @Test
  void aClockThatStartsBelowZeroIsFine() {
    assertThat(retriesOf(50_000, MILLI, -20_000 * MILLI)).isBetween(9_900, 10_100);
  }

  @Test
  void maxRetriesBoundsThemAtATime() {
    assertThat(budget.tryRetry(policy, 1, AttemptCost.WORK, 0)).isTrue();
    assertThat(budget.tryRetry(policy, 1, AttemptCost.WORK, 0)).isFalse();
    budget.finished();
    assertThat(budget.tryRetry(policy, 1, AttemptCost.WORK, 0)).isTrue();
  }
}
