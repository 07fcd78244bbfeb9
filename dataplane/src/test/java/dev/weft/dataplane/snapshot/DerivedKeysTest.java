package dev.weft.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class DerivedKeysTest {
  private final DerivedKeys keys = new DerivedKeys();

  /** What two policies in turn ask for, each with TLS and without. */
  private String inTurn(int turn) {
    String key = turn % 2 == 0 ? "a.plain" : "a.g1";
    switch (turn / 2 % 4) {
      case 0:
        return keys.of(key, ".r", 0, 0);
      case 1:
        return keys.of(key, ".d", 60_000, 10);
      case 2:
        return keys.of(key, ".d", 90_000, 11);
      default:
        return keys.of(keys.of(key, ".r", 0, 0), ".d", 60_000, 10);
    }
  }

  @Test
  void policiesThatTakeTurnsMakeTheirKeysOnce() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    String[] first = new String[8];
    for (int i = 0; i < 8; i++) {
      first[i] = inTurn(i);
    }
    assertThat(first).doesNotHaveDuplicates().contains("a.plain.r", "a.g1.db", "a.g1.r.da");
    long thread = Thread.currentThread().getId();
    threads.getThreadAllocatedBytes(thread);
    long before = threads.getThreadAllocatedBytes(thread);
    int others = 0;
    for (int i = 0; i < 100_000; i++) {
      others += inTurn(i) == first[i % 8] ? 0 : 1;
    }
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertThat(others).isZero();
    assertThat(allocated).as("bytes in 100,000 calls").isLessThan(100_000);
  }

  @Test
  void aKeyOfTheTimeBeforeIsForgotten() {
    String old = keys.of("a", ".d", 5, 1);
    assertThat(keys.of("a", ".d", 5, 2)).isNotEqualTo(old).isEqualTo("a.d2");
    assertThat(keys.of("a", ".d", 5, 1)).isEqualTo(old);
  }

  @Test
  void beyondTheBoundKeysStayTheSame() {
    String[] first = new String[DerivedKeys.MOST + 1];
    for (int i = 0; i < first.length; i++) {
      first[i] = keys.of("k" + i, ".r", 0, 0);
    }
    for (int i = 0; i < first.length; i++) {
      assertThat(keys.of("k" + i, ".r", 0, 0)).isSameAs(first[i]);
    }
  }
}
