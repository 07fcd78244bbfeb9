package dev.weft.dataplane.balance;

import java.util.Arrays;

/**
 * Points of each candidate on a ring; a hash belongs to the next one (Karger et al., 1997; Ketama).
 * A candidate that comes or goes moves the hashes of its own points only, as the others' points
 * stay where they are: their number does not depend on how many candidates there are. Only a ring
 * that would be larger than {@value #LARGEST} points shares these out, so that one that comes or
 * goes moves up to about twice its share.
 */
final class Ring implements HashTable {
  /** Least points of a candidate of weight 1: shares come to within some 6 % of each other. */
  private static final int POINTS = 256;

  private static final int LARGEST = 1 << 18;

  private final long[] points;
  private final int[] owners;

  private Ring(long[] points, int[] owners) {
    this.points = points;
    this.owners = owners;
  }

  /**
   * A ring of these candidates.
   *
   * @param least how many points it has at least, unless that is more than {@value #LARGEST}; a
   *     ring of one candidate, which is all of that one's, has half of them
   */
  static Ring of(String[] keys, int[] weights, int least) {
    long sum = 0;
    for (int weight : weights) {
      sum += weight;
    }
    // Half for each, and not its part: two have enough, and a third changes nothing for the two.
    double perWeight = Math.min(Math.max(POINTS, (least + 1) / 2), (double) LARGEST / sum);
    int[] counts = new int[keys.length];
    int total = 0;
    for (int i = 0; i < counts.length; i++) {
      counts[i] = (int) Math.max(1, Math.ceil(weights[i] * perWeight));
      total += counts[i];
    }
    long[] points = new long[total];
    // The low bits give way to the owner, so that one sort of plain numbers orders both.
    int bits = 64 - Long.numberOfLeadingZeros(Math.max(1, keys.length - 1));
    long mask = (1L << bits) - 1;
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      long origin = TextHash.of(keys[i]);
      for (int round = 0; round < counts[i]; round++) {
        points[at++] = (TextHash.again(origin, round) & ~mask) | i;
      }
    }
    Arrays.sort(points);
    int[] owners = new int[total];
    for (int i = 0; i < total; i++) {
      owners[i] = (int) (points[i] & mask);
    }
    return new Ring(points, owners);
  }

  @Override
  public int slots() {
    return points.length;
  }

  @Override
  public int slotOf(long hash) {
    int found = Arrays.binarySearch(points, hash);
    int slot = found < 0 ? -found - 1 : found;
    return slot == points.length ? 0 : slot;
  }

  @Override
  public int at(int slot) {
    return owners[slot];
  }
}
