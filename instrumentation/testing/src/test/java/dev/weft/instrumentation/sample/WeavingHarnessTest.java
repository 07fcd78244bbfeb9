package dev.weft.instrumentation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.DataPlane;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class WeavingHarnessTest {
  @Test
  void wovenMethodRunsIsAnsweredOrIsRefusedAsTheHookSays() {
    Greeter greeter = new Greeter("Hello");
    try (WeavingHarness harness =
        WeavingHarness.install(DataPlane.builder().build(), new GreeterModule())) {
      assertThat(harness.report())
          .singleElement()
          .satisfies(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));
      assertThat(greeter.greet("Ann")).isEqualTo("Hello Ann");
      assertThat(greeter.greet("Bob")).isEqualTo("Hi Bob, from HookLoader");
      assertThatThrownBy(() -> greeter.greet("Eve")).isInstanceOf(SecurityException.class);
      assertThatThrownBy(() -> greeter.greet("")).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> greeter.greet("Bug"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("mesh");
    }
    assertThat(greeter.greet("Bob")).isEqualTo("Hello Bob");
  }
}
