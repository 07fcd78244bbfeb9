package dev.weft.instrumentation.testing.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

final class StatedLimitsTest {
  @Test
  void casesFailOnlyWhereTheyAreNotStatedOrPassThoughStated() {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Contract.class))
            .execute()
            .testEvents();

    assertThat(tests.succeeded().map(e -> e.getTestDescriptor().getDisplayName()))
        .containsExactlyInAnyOrder(
            "works()", "failsAsStated()", "[1] fails=true", "[2] fails=false", "good", "bad");
    assertThat(tests.aborted().count()).isEqualTo(1);
    tests
        .failed()
        .assertThatEvents()
        .haveExactly(1, finishedWithFailure(message(m -> m.contains("passes, though"))))
        .haveExactly(1, finishedWithFailure(message(m -> m.contains("says that this shows as"))))
        .haveExactly(1, finishedWithFailure(message("stated elsewhere")))
        .hasSize(3);
  }

  static final class Contract {
    @RegisterExtension
    static final StatedLimits LIMITS =
        new StatedLimits(
            List.of(
                limit("failsAsStated", null, "of course", "Contract"),
                limit("failsOtherwise", null, "of course", "Contract"),
                limit("passesThoughStated", null, null, "Contract"),
                limit("isAborted", null, null, "Contract"),
                limit("failsForOneArgument", "true", null, "Contract"),
                limit("dynamic", "bad", null, "Contract"),
                limit("failsUnstated", null, null, "AnotherTest")));

    private static Limit limit(
        String name, @Nullable String with, @Nullable String showsAs, String in) {
      return new Limit(name, null, "it is so", with, List.of(in), showsAs);
    }

    @Test
    void works() {}

    @Test
    void failsAsStated() {
      throw new IllegalStateException(new IllegalArgumentException("of course"));
    }

    @Test
    void failsOtherwise() {
      throw new IllegalStateException("surprise");
    }

    @Test
    void passesThoughStated() {}

    @Test
    void isAborted() {
      abort("not here");
    }

    @Test
    void failsUnstated() {
      throw new IllegalStateException("stated elsewhere");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void failsForOneArgument(boolean fails) {
      assertThat(fails).isFalse();
    }

    @TestFactory
    Stream<DynamicTest> dynamic() {
      return Stream.of("good", "bad")
          .map(name -> DynamicTest.dynamicTest(name, () -> assertThat(name).isEqualTo("good")));
    }
  }
}
