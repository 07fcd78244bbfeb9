package dev.weft.dataplane;

import dev.weft.dataplane.filter.RandomSource;
import java.util.Random;

/** Randomness that each run of a test repeats. */
public final class SeededRandom implements RandomSource {
  private final Random random;

  public SeededRandom(long seed) {
    this.random = new Random(seed);
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  @Override
  public int nextInt(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public double nextDouble() {
    return random.nextDouble();
  }
}
