package dev.weft.dataplane.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.weft.dataplane.SeededRandom;
import dev.weft.dataplane.filter.RandomSource;
import java.util.ArrayDeque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PickerTest {
  private static final int PICKS = 100_000;
  private final RandomSource random = new SeededRandom(7);

  /** An endpoint of nothing. */
  private static final class Fake implements Candidate {
    final int weight;
    int active;

    Fake(int weight) {
      this.weight = weight;
    }

    @Override
    public String key() {
      return toString();
    }

    @Override
    public int weight() {
      return weight;
    }

    @Override
    public int active() {
      return active;
    }
  }

  private static Candidates of(Fake... all) {
    return Candidates.of(all, new AtomicInteger());
  }

  private double[] shares(Picker picker, Candidates candidates, Eligibility eligibility) {
    double[] shares = new double[candidates.size()];
    for (int i = 0; i < PICKS; i++) {
      shares[picker.pick(candidates, eligibility, random)] += 1.0 / PICKS;
    }
    return shares;
  }

  /** Whatever the weights are, each share is within one percent of what it should be. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void sharesAreWithinOnePercent(long seed) {
    Random drawn = new Random(seed);
    boolean equal = seed == 1;
    Fake[] fakes = new Fake[2 + drawn.nextInt(9)];
    double sum = 0;
    for (int i = 0; i < fakes.length; i++) {
      fakes[i] = new Fake(equal ? 1 : 1 + drawn.nextInt(5));
      sum += fakes[i].weight;
    }
    for (Picker picker :
        new Picker[] {
          RoundRobinPicker.INSTANCE, RandomPicker.INSTANCE, LeastRequestPicker.INSTANCE
        }) {
      Candidates candidates = of(fakes);
      int picks = picker == RoundRobinPicker.INSTANCE ? PICKS : 40 * PICKS;
      int[] counts = new int[fakes.length];
      ArrayDeque<Integer> underWay = new ArrayDeque<>();
      for (int i = 0; i < picks; i++) {
        int picked = picker.pick(candidates, Eligibility.ANY, random);
        counts[picked]++;
        // As many under way as there are endpoints, all equally quick.
        fakes[picked].active++;
        underWay.add(picked);
        if (underWay.size() > fakes.length) {
          fakes[underWay.remove()].active--;
        }
      }
      while (!underWay.isEmpty()) {
        fakes[underWay.remove()].active--;
      }
      for (int i = 0; i < fakes.length; i++) {
        double fair = fakes[i].weight / sum;
        // With weights the load of each counts as well, and the light are preferred a little.
        boolean byLoad = picker == LeastRequestPicker.INSTANCE && !equal;
        assertThat((double) counts[i] / picks / fair)
            .as("%s, %d of %d, weight %d", picker, i, fakes.length, fakes[i].weight)
            .isCloseTo(1, within(byLoad ? 0.25 : 0.01));
      }
    }
  }

  @Test
  void roundRobinTakesTurnsAndHonoursWeights() {
    double[] equal =
        shares(
            RoundRobinPicker.INSTANCE, of(new Fake(1), new Fake(1), new Fake(1)), Eligibility.ANY);
    assertThat(equal).contains(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, within(0.0001));
    double[] weighted =
        shares(RoundRobinPicker.INSTANCE, of(new Fake(90), new Fake(10)), Eligibility.ANY);
    assertThat(weighted[0]).isCloseTo(0.9, within(0.0001));
  }

  @Test
  void roundRobinGoesOnAfterTheCursorOverflows() {
    Candidates candidates =
        Candidates.of(
            new Candidate[] {new Fake(1), new Fake(1)}, new AtomicInteger(Integer.MAX_VALUE - 1));
    for (int i = 0; i < 10; i++) {
      assertThat(RoundRobinPicker.INSTANCE.pick(candidates, Eligibility.ANY, random))
          .isBetween(0, 1);
    }
  }

  @Test
  void randomHonoursWeights() {
    double[] shares =
        shares(RandomPicker.INSTANCE, of(new Fake(90), new Fake(10)), Eligibility.ANY);
    assertThat(shares[0]).isCloseTo(0.9, within(0.01));
  }

  @Test
  void theBusiestIsNeverPickedByLeastRequest() {
    Fake busy = new Fake(1);
    busy.active = 10;
    double[] shares =
        shares(
            LeastRequestPicker.INSTANCE,
            of(busy, new Fake(1), new Fake(1), new Fake(1)),
            Eligibility.ANY);
    // Only when it was drawn three times in a row: 1 in 64, the price of not looking at all.
    assertThat(shares[0]).isLessThan(0.02);
    assertThat(shares[1]).isCloseTo(0.33, within(0.02));
  }

  @Test
  void leastRequestEvensOutSlowEndpoints() {
    // Each pick stays in flight for as many picks as the endpoint is slow.
    Fake[] fakes = {new Fake(1), new Fake(1), new Fake(1)};
    int[] slowness = {40, 4, 4};
    int[][] ends = new int[fakes.length][PICKS + 50];
    int[] picked = new int[fakes.length];
    Candidates candidates = of(fakes);
    for (int now = 0; now < PICKS; now++) {
      for (int i = 0; i < fakes.length; i++) {
        fakes[i].active -= ends[i][now];
      }
      int pick = LeastRequestPicker.INSTANCE.pick(candidates, Eligibility.ANY, random);
      fakes[pick].active++;
      ends[pick][now + slowness[pick]]++;
      picked[pick]++;
    }
    assertThat(picked[0]).isLessThan(picked[1] / 2);
    assertThat((double) picked[1] / picked[2]).isCloseTo(1, within(0.05));
  }

  @Test
  void onlyEligibleOnesArePicked() {
    Fake out = new Fake(1);
    Candidates candidates = of(out, new Fake(1), new Fake(1));
    for (Picker picker :
        new Picker[] {
          RoundRobinPicker.INSTANCE, RandomPicker.INSTANCE, LeastRequestPicker.INSTANCE
        }) {
      assertThat(shares(picker, candidates, candidate -> candidate != out)[0]).isZero();
      assertThat(picker.pick(candidates, candidate -> false, random)).isEqualTo(-1);
      assertThat(picker.pick(of(), Eligibility.ANY, random)).isEqualTo(-1);
    }
  }

  @Test
  void oneOfTenThousandIsFoundWhenAllOthersAreOut() {
    Fake[] many = new Fake[10_000];
    for (int i = 0; i < many.length; i++) {
      many[i] = new Fake(1);
    }
    Candidates candidates = of(many);
    assertThat(
            LeastRequestPicker.INSTANCE.pick(
                candidates, candidate -> candidate == many[9_876], random))
        .isEqualTo(9_876);
  }
}
