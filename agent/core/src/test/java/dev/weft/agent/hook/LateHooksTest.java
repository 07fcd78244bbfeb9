package dev.weft.agent.hook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.HookSource;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Permit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens once while the agent starts, such as that a server listens, is told when it can. */
final class LateHooksTest {
  private static final String NAME = "dev.weft.test.Hook";

  private final List<Object> told = new ArrayList<>();
  private final HookSource source =
      (owner, name) ->
          new Hook() {
            @Override
            public @Nullable Object enter(
                @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
              told.add(name + " of " + owner.getSimpleName() + ": " + self);
              return null;
            }
          };

  @BeforeEach
  void start() {
    Hooks.starting(false, 60_000);
  }

  @AfterEach
  void fail() {
    Hooks.failed("the test is over");
  }

  @Test
  void aCallBeforeTheAgentIsReadyIsMadeWhenItIs() throws Throwable {
    Object answer = Hooks.findOrLater(String.class, NAME).enter("server", null, null, null);
    assertThat(answer).isSameAs(Permit.GRANTED);
    assertThat(told).isEmpty();
    Hooks.ready(source);
    Hooks.ready(source);
    assertThat(told).containsExactly(NAME + " of String: server");
  }

  @Test
  void aCallToAReadyAgentIsMadeAtOnce() throws Throwable {
    Hooks.ready(source);
    Hooks.findOrLater(String.class, NAME).enter("server", null, null, null);
    assertThat(told).containsExactly(NAME + " of String: server");
  }

  @Test
  void anAgentThatFailedIsToldNothing() throws Throwable {
    Hooks.findOrLater(String.class, NAME).enter("server", null, null, null);
    Hooks.failed("no cache, no control server");
    Hooks.findOrLater(String.class, NAME).enter("server", null, null, null);
    Hooks.ready(source);
    assertThat(told).isEmpty();
  }
}
