package dev.weft.meshctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class UnifiedDiffTest {
  @Test
  void partsChangesThatAreFarFromEachOther() {
    List<String> before = List.of("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
    List<String> after = new ArrayList<>(before);
    after.set(0, "one");
    after.set(10, "eleven");
    assertThat(UnifiedDiff.of(before, after))
        .containsExactly(
            "@@ -1,4 +1,4 @@",
            "-1",
            "+one",
            " 2",
            " 3",
            " 4",
            "@@ -8,4 +8,4 @@",
            " 8",
            " 9",
            " 10",
            "-11",
            "+eleven");
    assertThat(UnifiedDiff.of(before, before)).isEmpty();
    assertThat(UnifiedDiff.of(List.of("a"), List.of())).containsExactly("@@ -1,1 +0,0 @@", "-a");
  }

  @Test
  void showsTextsTooLongToCompareAsReplaced() {
    List<String> before = Collections.nCopies(5_000, "a");
    List<String> after = Collections.nCopies(5_001, "b");
    List<String> diff = UnifiedDiff.of(before, after);
    assertThat(diff.get(0)).isEqualTo("@@ -1,5000 +1,5001 @@");
    assertThat(diff).hasSize(10_002);
  }

  /** Taking the changes back out of the whole gives either side. */
  @Test
  void holdsForTextsAtRandom() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<String> before = random(random);
      List<String> after = random(random);
      assertThat(patched(before, UnifiedDiff.of(before, after))).isEqualTo(after);
    }
  }

  private static List<String> random(Random random) {
    List<String> lines = new ArrayList<>();
    for (int i = random.nextInt(30); i > 0; i--) {
      lines.add(Integer.toString(random.nextInt(5)));
    }
    return lines;
  }

  private static List<String> patched(List<String> before, List<String> diff) {
    List<String> result = new ArrayList<>();
    int next = 0;
    for (String line : diff) {
      if (line.startsWith("@@")) {
        String[] old = line.split("[ ,]")[1].substring(1).split(",");
        int start = Integer.parseInt(old[0]);
        int count = Integer.parseInt(line.split("[ ,]")[2]);
        int until = count == 0 ? start : start - 1;
        while (next < until) {
          result.add(before.get(next++));
        }
      } else {
        if (line.charAt(0) != '+') {
          assertThat(before.get(next++)).isEqualTo(line.substring(1));
        }
        if (line.charAt(0) != '-') {
          result.add(line.substring(1));
        }
      }
    }
    result.addAll(before.subList(next, before.size()));
    return result;
  }
}
