package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComingHeadersTest {
  private static final Map<String, List<String>> CANARY =
      Collections.singletonMap("x-canary", Collections.singletonList("yes"));

  @Test
  void areThoseOfTheFirstCallThatAsks() {
    ComingHeaders coming = ComingHeaders.of(() -> CANARY);
    assertThat(coming.of("call")).isEqualTo(CANARY);
    assertThat(coming.of("call of its body")).isNull();
    assertThat(coming.of("call")).as("its redirect").isEqualTo(CANARY);
  }

  @Test
  void aLibraryThatCannotTellThemFailsNoCall() {
    ComingHeaders broken =
        ComingHeaders.of(
            () -> {
              throw new NoSuchMethodError("injected");
            });
    assertThat(broken.of("call")).isNull();
  }
}
