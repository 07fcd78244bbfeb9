package dev.weft.dataplane.balance;

import dev.weft.dataplane.filter.RandomSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The candidate that a request's hash belongs to, and while that is not eligible the same other one
 * each time. A request without a hash goes to any, as in Envoy.
 *
 * <p>Its table is made when the first hash comes, because most destinations that an agent knows are
 * never called. Thread-safe; two threads may make it at the same time, with the same result.
 */
public final class HashPicker implements Picker {
  /** Beyond these many slots without an eligible candidate a look at all is cheaper. */
  private static final int WALK = 64;

  private final boolean maglev;
  private final int size;
  private final String[] keys;
  private final int[] weights;
  private volatile @Nullable HashTable table;

  private HashPicker(boolean maglev, int size, Candidates candidates) {
    this.maglev = maglev;
    this.size = size;
    this.keys = new String[candidates.size()];
    this.weights = new int[candidates.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = candidates.get(i).key();
      weights[i] = Math.max(1, candidates.get(i).weight());
    }
  }

  /**
   * A picker for these candidates.
   *
   * @param maglev whether by a Maglev table, else by a ring
   * @param size length of the table, a prime, or least number of points on the ring
   * @param previous the same destination's picker of the last snapshot: goes on when nothing has
   *     changed, and when it was used its successor's table is made at once, on this thread
   */
  public static HashPicker of(
      boolean maglev, int size, Candidates candidates, @Nullable HashPicker previous) {
    HashPicker made = new HashPicker(maglev, size, candidates);
    if (previous == null || previous.table == null) {
      return made;
    }
    if (made.sameAs(previous)) {
      return previous;
    }
    if (made.keys.length > 0) {
      made.table = made.make();
    }
    return made;
  }

  private boolean sameAs(HashPicker other) {
    return maglev == other.maglev
        && size == other.size
        && Arrays.equals(keys, other.keys)
        && Arrays.equals(weights, other.weights);
  }

  private HashTable make() {
    return maglev && keys.length <= Maglev.MOST
        ? Maglev.of(keys, weights, size)
        : Ring.of(keys, weights, size);
  }

  @Override
  public int pick(Candidates candidates, Eligibility eligibility, long hash, RandomSource random) {
    if (hash == TextHash.NONE || candidates.size() == 0) {
      return RandomPicker.INSTANCE.pick(candidates, eligibility, hash, random);
    }
    HashTable known = table;
    if (known == null) {
      known = make();
      table = known;
    }
    int slot = known.slotOf(hash);
    int index = known.at(slot);
    for (int i = 0; i < WALK; i++) {
      if (eligibility.eligible(candidates.get(index))) {
        return index;
      }
      slot = slot + 1 == known.slots() ? 0 : slot + 1;
      index = known.at(slot);
    }
    return candidates.scanFrom(index, eligibility);
  }
}
