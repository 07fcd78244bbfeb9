package dev.weft.dataplane.filter;

import java.util.concurrent.ThreadLocalRandom;

/** Randomness as the data plane uses it, injected so that tests can repeat it. Thread-safe. */
public interface RandomSource {
  /** Uniform over all longs. */
  long nextLong();

  /** Uniform over 0 to bound - 1. */
  int nextInt(int bound);

  /** Uniform over [0, 1). */
  double nextDouble();

  /** The generator of the calling thread; no state is shared. Not for keys. */
  RandomSource THREAD_LOCAL =
      new RandomSource() {
        @Override
        public long nextLong() {
          return ThreadLocalRandom.current().nextLong();
        }

        @Override
        public int nextInt(int bound) {
          return ThreadLocalRandom.current().nextInt(bound);
        }

        @Override
        public double nextDouble() {
          return ThreadLocalRandom.current().nextDouble();
        }
      };
}
