package dev.weft.dataplane.balance;

import java.util.Arrays;
import java.util.Comparator;

/**
 * A table that candidates fill in turn, each by its own order of preference (Eisenbud et al.,
 * "Maglev", NSDI 2016, section 3.4). Shares are even to about one part in {@code size /
 * candidates}; a candidate that comes or goes moves its own share and few entries besides. With
 * weights a candidate takes its turn as often as its weight says, as Envoy does it.
 */
final class Maglev implements HashTable {
  /** More candidates than these a table does not hold. */
  static final int MOST = Character.MAX_VALUE;

  private static final char EMPTY = Character.MAX_VALUE;

  private final char[] table;

  private Maglev(char[] table) {
    this.table = table;
  }

  /**
   * A table for these candidates.
   *
   * @param size its length, a prime, so that every order of preference visits each entry
   */
  static Maglev of(String[] keys, int[] weights, int size) {
    int n = keys.length;
    // Who fills first gets more of what it prefers: all processes have to agree on the order.
    Integer[] order = new Integer[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Arrays.sort(order, Comparator.comparing(i -> keys[i]));
    int[] next = new int[n];
    int[] step = new int[n];
    int heaviest = 1;
    for (int i = 0; i < n; i++) {
      long origin = TextHash.of(keys[i]);
      next[i] = (int) Long.remainderUnsigned(origin, size);
      step[i] =
          size < 3 ? 1 : (int) Long.remainderUnsigned(TextHash.again(origin, 1), size - 1) + 1;
      heaviest = Math.max(heaviest, weights[i]);
    }
    char[] table = new char[size];
    Arrays.fill(table, EMPTY);
    long[] credit = new long[n];
    for (int filled = 0; filled < size; ) {
      for (int turn = 0; turn < n && filled < size; turn++) {
        int i = order[turn];
        credit[i] += weights[i];
        if (credit[i] < heaviest) {
          continue;
        }
        credit[i] -= heaviest;
        int entry = next[i];
        while (table[entry] != EMPTY) {
          entry = after(entry, step[i], size);
        }
        table[entry] = (char) i;
        next[i] = after(entry, step[i], size);
        filled++;
      }
    }
    return new Maglev(table);
  }

  private static int after(int entry, int step, int size) {
    int next = entry + step;
    return next >= size ? next - size : next;
  }

  @Override
  public int slots() {
    return table.length;
  }

  @Override
  public int slotOf(long hash) {
    return (int) Long.remainderUnsigned(hash, table.length);
  }

  @Override
  public int at(int slot) {
    return table[slot];
  }
}
