package dev.weft.dataplane.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The limit before an application of so many threads, on simulated time and an open loop. */
class ConcurrencyLimitTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000 * MILLI;

  private final Random seeded = new Random(3);
  private long now;
  private int threads = 16;
  private long serviceNanos = 10 * MILLI;
  private long elsewhereNanos;
  private final PriorityQueue<long[]> ends =
      new PriorityQueue<>((a, b) -> Long.compare(a[0], b[0]));
  private final ArrayDeque<Long> waiting = new ArrayDeque<>();
  private final List<Long> took = new ArrayList<>();
  private int busy;
  private int refused;
  private ConcurrencyLimit limit = new ConcurrencyLimit(4, 1_000, 50, 0);

  /** Exponential, as if of many kinds, around what policy of the test says. */
  private long draw(long mean) {
    return (long) (-Math.log(1 - seeded.nextDouble()) * mean * 0.5 + mean * 0.5);
  }

  private void begin(long start) {
    busy++;
    ends.add(new long[] {now + draw(serviceNanos), start});
  }

  /** Offers so many a second for a time; what was served and refused is counted anew. */
  private void offer(int perSecond, long nanos) {
    took.clear();
    refused = 0;
    long until = now + nanos;
    long next = now;
    while (now < until) {
      long end = ends.isEmpty() ? Long.MAX_VALUE : ends.peek()[0];
      if (end <= next) {
        now = end;
        long start = ends.poll()[1];
        busy--;
        limit.release(start, now, true);
        took.add(now - start);
        if (!waiting.isEmpty()) {
          begin(waiting.poll());
        }
        continue;
      }
      now = next;
      next += (long) (-Math.log(1 - seeded.nextDouble()) * SECOND / perSecond);
      if (!limit.tryAcquire(100)) {
        refused++;
      } else if (elsewhereNanos > 0) {
        // A callee of the application takes this long, however many ask it.
        busy++;
        ends.add(new long[] {now + draw(elsewhereNanos), now});
      } else if (busy < threads) {
        begin(now);
      } else {
        waiting.add(now);
      }
    }
  }

  private long percentile(double part) {
    List<Long> sorted = new ArrayList<>(took);
    Collections.sort(sorted);
    return sorted.get((int) (part * (sorted.size() - 1))) / MILLI;
  }

  private double perSecond(long nanos) {
    return took.size() * 1.0 * SECOND / nanos;
  }

  @Test
  void underTwiceTheLoadItServesAsMuchAsItCanInTime() {
    offer(400, 10 * SECOND);
    assertThat(refused).as("in quiet").isZero();
    offer(3_200, 5 * SECOND);
    offer(3_200, 60 * SECOND);
    System.out.printf(
        "load shedding: of 3200 requests a second offered to a capacity of 1600, %.0f are served,"
            + " half of them within %d ms, 99 %% within %d ms; in quiet it takes 10 ms; limit %d%n",
        perSecond(60 * SECOND), percentile(0.5), percentile(0.99), limit.limit());
    assertThat(perSecond(60 * SECOND)).isGreaterThan(1_600 * 0.95);
    assertThat(percentile(0.5)).isLessThan(30);
    assertThat(percentile(0.99)).isLessThan(80);
  }

  @Test
  void itDoesNotDriftWithALoadThatLasts() {
    offer(400, 5 * SECOND);
    offer(3_200, 10 * SECOND);
    int early = limit.limit();
    offer(3_200, 600 * SECOND);
    assertThat(limit.limit()).isLessThan(early * 2);
    assertThat(percentile(0.99)).isLessThan(100);
  }

  @Test
  void itFollowsACapacityThatGrows() {
    offer(3_200, 20 * SECOND);
    threads = 64;
    offer(3_200, 10 * SECOND);
    offer(3_200, 10 * SECOND);
    assertThat(refused / 32_000.0).isLessThan(0.02);
  }

  @Test
  void aCalleeThatBecomesSlowerIsNoOverload() {
    elsewhereNanos = 10 * MILLI;
    offer(2_000, 10 * SECOND);
    elsewhereNanos = 50 * MILLI;
    offer(2_000, 20 * SECOND);
    offer(2_000, 20 * SECOND);
    assertThat(refused / 40_000.0).as("refused for good").isLessThan(0.05);
  }

  @Test
  void sharesAreOfTheLimitAndOneIsAlwaysTaken() {
    limit = new ConcurrencyLimit(1, 10, 10, 0);
    for (int i = 0; i < 5; i++) {
      assertThat(limit.tryAcquire(50)).isTrue();
    }
    assertThat(limit.tryAcquire(50)).isFalse();
    for (int i = 0; i < 5; i++) {
      assertThat(limit.tryAcquire(100)).isTrue();
    }
    assertThat(limit.tryAcquire(100)).isFalse();
    assertThat(limit.active()).isEqualTo(10);
    for (int i = 0; i < 10; i++) {
      limit.release(0, 0, false);
    }
    assertThat(limit.tryAcquire(1)).isTrue();
    assertThat(limit.tryAcquire(1)).isFalse();
  }

  @Test
  void errorsAreNoSignOfSpeed() {
    assertThat(afterErrors(true)).isEqualTo(afterErrors(false)).isGreaterThan(20);
  }

  /** Busy all the time; for the first while, errors come at once besides, or do not. */
  private int afterErrors(boolean errors) {
    now = 0;
    limit = new ConcurrencyLimit(4, 1_000, 10, 0);
    for (int i = 0; i < 2_000; i++) {
      now += MILLI;
      int places = 0;
      while (limit.tryAcquire(100)) {
        places++;
      }
      limit.release(now - 10 * MILLI, now, true);
      for (int place = 1; place < places; place++) {
        boolean error = errors && i < 1_000 && place < 3;
        limit.release(error ? now : now - 10 * MILLI, now, !error);
      }
    }
    return limit.limit();
  }
}
