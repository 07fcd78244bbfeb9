package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The candidates of one destination with what pickers need beside them. Immutable but for the
 * round-robin cursor, which is handed in because it outlives the snapshot.
 */
public final class Candidates {
  /** A weighted order beyond this length costs more memory than its precision is worth. */
  private static final int LONGEST_ORDER = 4_096;

  private final Candidate[] all;
  private final AtomicInteger cursor;
  private final int[] order;
  private final long[] cumulative;

  private Candidates(Candidate[] all, AtomicInteger cursor) {
    this.all = all;
    this.cursor = cursor;
    this.cumulative = new long[all.length];
    long sum = 0;
    boolean equal = true;
    for (int i = 0; i < all.length; i++) {
      sum += Math.max(1, all[i].weight());
      cumulative[i] = sum;
      equal &= all[i].weight() == all[0].weight();
    }
    this.order = equal ? new int[0] : smoothOrder(all, sum);
  }

  /** These candidates; the array is taken over. */
  public static Candidates of(Candidate[] all, AtomicInteger cursor) {
    return new Candidates(all, cursor);
  }

  /** How many there are. */
  public int size() {
    return all.length;
  }

  /** One of them. */
  public Candidate get(int index) {
    return all[index];
  }

  /** The index whose turn it is. */
  int nextTurn() {
    int turn = cursor.getAndIncrement() & Integer.MAX_VALUE;
    return order.length > 0 ? order[turn % order.length] : turn % all.length;
  }

  /** An index drawn with the weights as probabilities. */
  int draw(RandomSource random) {
    if (order.length == 0) {
      return random.nextInt(all.length);
    }
    long total = cumulative[cumulative.length - 1];
    long ticket = Math.min(total - 1, (long) (random.nextDouble() * total));
    int low = 0;
    int high = cumulative.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (cumulative[middle] > ticket) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The first eligible one from here on, or -1. */
  int scanFrom(int start, Eligibility eligibility) {
    int index = start;
    for (int i = 0; i < all.length; i++) {
      if (eligibility.eligible(all[index])) {
        return index;
      }
      index = index + 1 == all.length ? 0 : index + 1;
    }
    return -1;
  }

  /** Smooth weighted round robin (as nginx does it), unrolled once. */
  private static int[] smoothOrder(Candidate[] all, long sum) {
    double scale = sum > LONGEST_ORDER ? (double) LONGEST_ORDER / sum : 1;
    long[] weights = new long[all.length];
    long total = 0;
    for (int i = 0; i < all.length; i++) {
      weights[i] = Math.max(1, Math.round(all[i].weight() * scale));
      total += weights[i];
    }
    int[] order = new int[(int) total];
    long[] credit = new long[all.length];
    for (int turn = 0; turn < order.length; turn++) {
      int best = 0;
      for (int i = 0; i < all.length; i++) {
        credit[i] += weights[i];
        if (credit[i] > credit[best]) {
          best = i;
        }
      }
      credit[best] -= total;
      order[turn] = best;
    }
    return order;
  }
}
