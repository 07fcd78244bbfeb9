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
    return retriesOf(requests, apart, start, true);
  }

  private int retriesOf(int requests, long apart, long start, boolean burdened) {
    int allowed = 0;
    for (int i = 0; i < requests; i++) {
      long now = start + i * apart;
      budget.request(policy, now);
      if (budget.tryRetry(policy, 0, burdened, now)) {
        allowed++;
        budget.finished();
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
  void onlyCallsThatFoundNobodyUseUpTheWindowAtOnce() {
    for (boolean burdened : new boolean[] {true, false}) {
      long start = burdened ? 0 : 100_000 * MILLI;
      for (int i = 0; i < 10_000; i++) {
        budget.request(policy, start + i * MILLI);
      }
      int allowed = retriesOf(1_000, MILLI, start + 10_000 * MILLI, burdened);
      assertThat(allowed).isBetween(burdened ? 190 : 990, burdened ? 230 : 1_000);
    }
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
    assertThat(budget.tryRetry(policy, 1, true, 0)).isTrue();
    assertThat(budget.tryRetry(policy, 1, true, 0)).isFalse();
    budget.finished();
    assertThat(budget.tryRetry(policy, 1, true, 0)).isTrue();
  }
}
