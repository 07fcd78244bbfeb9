package dev.weft.agent.weave;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the advice that serves all units does with what a hook answers, and when it fails. */
final class HookCallTest {
  private static final String HOOK = "dev.weft.test.Hook";
  private static final String PLAIN = "text 7";

  private final List<List<Object>> entered = new ArrayList<>();
  private final List<List<Object>> left = new ArrayList<>();
  private @Nullable Object answer;
  private @Nullable Throwable failure;

  @BeforeEach
  void start() {
    Hooks.starting(false, 60_000);
    Hooks.ready(
        (owner, name) -> {
          assertThat(name).isEqualTo(HOOK);
          return new Hook() {
            @Override
            public @Nullable Object enter(
                @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c)
                throws Throwable {
              entered.add(Arrays.asList(self, a, b, c));
              return answer();
            }

            @Override
            public @Nullable Object exit(
                @Nullable Object before,
                @Nullable Object self,
                @Nullable Object result,
                @Nullable Throwable thrown)
                throws Throwable {
              left.add(Arrays.asList(before, self, result, thrown));
              return answer();
            }
          };
        });
  }

  private @Nullable Object answer() throws Throwable {
    if (failure != null) {
      throw failure;
    }
    return answer;
  }

  @AfterEach
  void stop() {
    Hooks.failed("the test is over");
  }

  private static Object woven(HookCall call) throws Exception {
    String name = HookCallSample.class.getName();
    ClassLoader loader = HookCallTest.class.getClassLoader();
    byte[] bytes =
        ClassWeaver.weave(
            loader,
            name,
            ClassBytes.read(loader, name.replace('.', '/') + ".class"),
            Collections.singletonList(AdviceBinding.of("echo", AdviceBinding.ANY, call)));
    Class<?> type =
        new ClassLoader(loader) {
          Class<?> define() {
            return defineClass(name, bytes, 0, bytes.length);
          }
        }.define();
    return type.getConstructor().newInstance();
  }

  private static Object echo(Object sample, int number) throws Throwable {
    try {
      return sample
          .getClass()
          .getMethod("echo", Object.class, int.class)
          .invoke(sample, "text", number);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void handsOverWhatTheModuleNames() throws Throwable {
    answer = Permit.GRANTED;
    Object sample = woven(HookCall.decides(HOOK, self(), argument(1), field("own"), arguments()));
    assertThat(echo(sample, 7)).isEqualTo(PLAIN);
    assertThat(entered.get(0).subList(0, 3)).containsExactly(sample, 7, "own");
    assertThat((Object[]) entered.get(0).get(3)).containsExactly("text", 7);

    assertThat(echo(woven(HookCall.before(HOOK, nothing(), argument(0))), 7)).isEqualTo(PLAIN);
    assertThat(entered.get(1)).containsExactly(null, "text", null, null);
  }

  @Test
  void aMethodRunsOnlyWithAPermit() throws Throwable {
    Object sample = woven(HookCall.decides(HOOK, self()));
    answer = Outcome.returned("ours");
    assertThat(echo(sample, 7)).isEqualTo("ours");
    answer = Outcome.failed(new IOException("ours"));
    assertThatThrownBy(() -> echo(sample, 7)).isInstanceOf(IOException.class).hasMessage("ours");
    answer = null;
    assertThatThrownBy(() -> echo(sample, 7)).hasMessage(Outcome.UNDECIDED);
    failure = new LinkageError("injected");
    assertThatThrownBy(() -> echo(sample, 7)).hasMessage(Outcome.UNDECIDED);
  }

  @Test
  void aGateLeavesByAdviceOfTheUnitAlsoWhenItsHookFails() throws Throwable {
    Object sample = woven(HookCall.gate(HOOK, GateExitAdvice.class.getName(), self()));
    answer = "scope";
    assertThat(echo(sample, 7)).isEqualTo(PLAIN);
    assertThat(left).containsExactly(Arrays.asList("scope", null, PLAIN, null));
    answer = Outcome.returned(null);
    assertThat(echo(sample, 7)).as("a refusal that is written").isNull();
    failure = new LinkageError("injected");
    assertThat(echo(sample, 7)).isEqualTo("refused");
  }

  @Test
  void aResultIsChangedOrWhereThatIsEnforcedTheCallFails() throws Throwable {
    answer = "ours";
    Object changed = woven(HookCall.changesResult(HOOK, self(), argument(1)));
    Object enforced = woven(HookCall.enforcesResult(HOOK, self(), argument(1)));
    assertThat(echo(changed, 7)).isEqualTo("ours");
    assertThat(echo(enforced, 7)).isEqualTo("ours");
    assertThat(left)
        .containsExactly(
            Arrays.asList(7, changed, PLAIN, null), Arrays.asList(7, enforced, PLAIN, null));
    answer = 1;
    assertThat(echo(changed, 7)).as("an answer of another type").isEqualTo(PLAIN);
    assertThatThrownBy(() -> echo(enforced, 7)).hasMessage(Outcome.UNDECIDED);
    failure = new LinkageError("injected");
    assertThat(echo(changed, 7)).isEqualTo(PLAIN);
    assertThatThrownBy(() -> echo(enforced, 7))
        .isInstanceOf(IOException.class)
        .hasMessage(Outcome.UNDECIDED);
  }

  @Test
  void anArgumentIsChangedOrWhereThatIsEnforcedTheCallFails() throws Throwable {
    Object changed = woven(HookCall.changesArgument(argument(1), HOOK, self(), argument(1)));
    Object enforced = woven(HookCall.enforcesArgument(argument(1), HOOK, self()));
    answer = 8;
    assertThat(echo(changed, 7)).isEqualTo("text 8");
    assertThat(echo(enforced, 7)).isEqualTo("text 8");
    assertThat(entered).containsExactly(Arrays.asList(changed, 7, null, null));
    assertThat(left).containsExactly(Arrays.asList(null, enforced, 7, null));
    answer = "of another type";
    assertThat(echo(changed, 7)).isEqualTo(PLAIN);
    assertThatThrownBy(() -> echo(enforced, 7)).hasMessage(Outcome.UNDECIDED);
    answer = Permit.GRANTED;
    assertThat(echo(changed, 7)).isEqualTo(PLAIN);
    failure = new LinkageError("injected");
    assertThat(echo(changed, 7)).isEqualTo(PLAIN);
    assertThatThrownBy(() -> echo(enforced, 7)).hasMessage(Outcome.UNDECIDED);
  }

  @Test
  void aMethodIsSkippedForAnOutcomeOnly() throws Throwable {
    Object sample = woven(HookCall.skips(HOOK, self()));
    answer = Outcome.returned("not asked for");
    assertThat(echo(sample, 7)).isNull();
    answer = Permit.GRANTED;
    assertThat(echo(sample, 7)).isEqualTo(PLAIN);
    failure = new LinkageError("injected");
    assertThat(echo(sample, 7)).isEqualTo(PLAIN);
  }

  @Test
  void whatObservesIsToldAndDisturbsNobody() throws Throwable {
    Object before = woven(HookCall.before(HOOK, self()));
    Object after = woven(HookCall.after(HOOK, self()));
    Object around = woven(HookCall.around(HOOK, self()));
    assertThat(echo(around, 7)).isEqualTo(PLAIN);
    assertThat(left).as("an exit that nothing entered").isEmpty();
    answer = "before";
    assertThat(echo(before, 7)).isEqualTo(PLAIN);
    assertThat(echo(after, 7)).isEqualTo(PLAIN);
    assertThatThrownBy(() -> echo(after, -1)).hasMessage("of the library");
    assertThatThrownBy(() -> echo(around, -1)).hasMessage("of the library");
    assertThat(entered.stream().map(e -> e.get(0))).containsExactly(around, before, after, around);
    assertThat(left).containsExactly(Arrays.asList("before", null, null, null));
    failure = new LinkageError("injected");
    for (Object sample : Arrays.asList(before, after, around)) {
      assertThat(echo(sample, 7)).isEqualTo(PLAIN);
    }
  }

  @Test
  void aServerIsToldOfWhenTheAgentIsThere() throws Throwable {
    Object listening = woven(HookCall.listening(HOOK));
    Object stopping = woven(HookCall.stopping(HOOK));
    Object polling = woven(HookCall.polling(HOOK, self()));
    for (Object sample : Arrays.asList(listening, stopping, polling)) {
      assertThat(echo(sample, 7)).isEqualTo(PLAIN);
    }
    assertThat(entered.stream().map(e -> e.get(0))).containsExactly(listening, polling);
    assertThat(left).containsExactly(Arrays.asList(null, stopping, null, null));
  }

  @Test
  void aMethodWithOtherTypesIsNotWoven() {
    String message = "class " + HookCallSample.class.getName() + " has no method echo ";
    assertThatThrownBy(() -> woven(HookCall.decides(HOOK, argument(0, "java.io.File"))))
        .isInstanceOf(ClassWeaver.MisfitException.class)
        .hasMessage(message + "with a java.io.File at 0");
    assertThatThrownBy(() -> woven(HookCall.decides(HOOK, argument(2, "java.lang.Object"))))
        .isInstanceOf(ClassWeaver.MisfitException.class);
    assertThatThrownBy(() -> woven(HookCall.enforcesArgument(argument(0, "java.io.File"), HOOK)))
        .isInstanceOf(ClassWeaver.MisfitException.class);
    assertThatThrownBy(() -> woven(HookCall.decides(HOOK).answering("java.io.File")))
        .isInstanceOf(ClassWeaver.MisfitException.class)
        .hasMessage(message + "that may return a java.io.File");
  }
}
