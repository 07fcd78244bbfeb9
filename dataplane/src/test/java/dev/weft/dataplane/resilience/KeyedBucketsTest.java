package dev.weft.dataplane.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyedBucketsTest {
  private static final long SECOND = 1_000_000_000L;

  private static long key(long number) {
    return KeyHash.of(1, 2).of(Long.toString(number), 0);
  }

  @Test
  void countsEachKeyByItselfAndRefillsIt() {
    KeyedBuckets buckets = new KeyedBuckets(100, 0);
    TokenRate rate = TokenRate.of(2, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(buckets.take(key(1), rate, 0)).isZero();
    }
    assertThat(buckets.take(key(1), rate, 0)).isEqualTo(SECOND / 2);
    assertThat(buckets.take(key(2), rate, 0)).isZero();
    assertThat(buckets.take(key(1), rate, SECOND / 2)).isZero();
    assertThat(buckets.take(key(1), rate, SECOND / 2)).isPositive();
  }

  /** Whoever invents keys gets no more, in all, than the keys that are kept would get. */
  @Test
  void boundsWhatInventedKeysGetAndForgetsNobodyWhoCounts() {
    KeyedBuckets buckets = new KeyedBuckets(100, 0);
    TokenRate rate = TokenRate.of(1, 1);
    assertThat(buckets.take(key(-1), rate, 0)).isZero();
    int passed = 0;
    for (int i = 0; i < 100_000; i++) {
      passed += buckets.take(key(i), rate, 0) == 0 ? 1 : 0;
    }
    assertThat(passed).isBetween(100, 201);
    assertThat(buckets.take(key(-1), rate, 0)).as("still remembered").isPositive();
    // Once their buckets are full again they make room.
    assertThat(buckets.take(key(200_000), rate, 2 * SECOND)).isZero();
  }

  @Test
  void fewKeysSeldomShare() {
    KeyedBuckets buckets = new KeyedBuckets(1_000, 0);
    TokenRate rate = TokenRate.of(1, 1);
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      refused += buckets.take(key(i), rate, 0) == 0 ? 0 : 1;
    }
    assertThat(refused).isLessThan(50);
  }

  @Test
  void losesNoTokenBetweenThreads() throws InterruptedException {
    KeyedBuckets buckets = new KeyedBuckets(100, 0);
    TokenRate rate = TokenRate.of(1, 1_000);
    AtomicInteger passed = new AtomicInteger();
    CountDownLatch begin = new CountDownLatch(1);
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          new Thread(
              () -> {
                try {
                  begin.await();
                } catch (InterruptedException e) {
                  return;
                }
                for (int i = 0; i < 1_000; i++) {
                  passed.addAndGet(buckets.take(key(7), rate, 0) == 0 ? 1 : 0);
                }
              });
      threads[t].start();
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(passed.get()).isEqualTo(1_000);
  }

  @Test
  void aLongPeriodAndALargeBurstDoNotWrap() {
    TokenRate rate = TokenRate.of(1.0 / 86_400, 1_000_000);
    KeyedBuckets buckets = new KeyedBuckets(1, 0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(buckets.take(key(1), rate, 0)).isZero();
    }
  }
}
