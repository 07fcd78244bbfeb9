package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NameGateTest {
  @Test
  void wovenClassesAndTheirCopiesPassAndHardlyAnyOther() throws IOException {
    List<String> woven = new ArrayList<>();
    for (int i = 0; i < 800; i++) {
      woven.add("org/apache/library" + i % 7 + "/Woven" + i);
    }
    NameGate gate = NameGate.read(new ByteArrayInputStream(NameGate.of(woven).write()));
    for (String name : woven) {
      assertThat(gate.passes(name)).as(name).isTrue();
      assertThat(gate.passes("shop/shaded/" + name)).as(name).isTrue();
    }
    assertThat(gate.passes("Woven5")).isTrue();
    int others = 0;
    for (int i = 0; i < 100_000; i++) {
      others += gate.passes("com/shop/Other" + i) ? 1 : 0;
    }
    assertThat(others).isLessThan(20);
  }

  @Test
  void aGateForNothingLetsNothingPass() {
    NameGate gate = NameGate.of(Collections.<String>emptyList());
    assertThat(gate.passes("org/apache/Something")).isFalse();
    assertThat(gate.passes("")).isFalse();
  }

  @Test
  void aDamagedOneIsAnError() {
    byte[] whole = NameGate.of(Collections.singletonList("a/B")).write();
    byte[] odd = whole.clone();
    odd[3] = 3;
    assertThatThrownBy(() -> NameGate.read(new ByteArrayInputStream(odd)))
        .hasMessageContaining("damaged");
    assertThatThrownBy(() -> NameGate.read(new ByteArrayInputStream(whole, 0, 6)))
        .isInstanceOf(IOException.class);
  }
}
