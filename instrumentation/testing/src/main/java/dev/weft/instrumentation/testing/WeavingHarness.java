package dev.weft.instrumentation.testing;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.hook.HookRegistry;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.agent.weave.WeavingTransformer;
import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.HookSource;
import dev.weft.bootstrap.Hooks;
import dev.weft.dataplane.DataPlane;
import dev.weft.instrumentation.testing.support.Support;
import dev.weft.instrumentation.testing.support.SupportFile;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.jspecify.annotations.Nullable;

/**
 * Weaves instrumentations into the JVM of a unit test, with the agent's own weaver and hook loaders
 * but without the agent jar: for the inner loop. What counts in the end are the integration tests,
 * which run the jar.
 *
 * <p>Classes loaded already are rewoven, as after attaching; {@link #close} takes the weaving out
 * again. One harness at a time in a JVM. Hooks live in a class loader of their own: a test does not
 * share their static fields.
 */
public final class WeavingHarness implements AutoCloseable {
  private final Instrumentation instrumentation;
  private final InstrumentationIndex index;
  private final InstrumentationReport report;
  private final WeavingTransformer transformer;
  private final HookSource hooks;

  private WeavingHarness(
      Instrumentation instrumentation,
      InstrumentationIndex index,
      InstrumentationReport report,
      WeavingTransformer transformer,
      HookSource hooks) {
    this.instrumentation = instrumentation;
    this.index = index;
    this.report = report;
    this.transformer = transformer;
    this.hooks = hooks;
  }

  /** Weaves {@code modules}, whose hooks then work on {@code dataPlane}. */
  public static WeavingHarness install(DataPlane dataPlane, InstrumentationModule... modules) {
    if (Hooks.class.getClassLoader() != null) {
      throw new IllegalStateException(
          "weft-bootstrap must be on the boot class path of the test JVM: see surefire's argLine in"
              + " instrumentation/pom.xml");
    }
    Instrumentation instrumentation = ByteBuddyAgent.install();
    InstrumentationIndex index = InstrumentationIndex.of(Arrays.asList(modules));
    InstrumentationReport report = InstrumentationReport.of(index);
    WeavingTransformer transformer = WeavingTransformer.of(index, report, true);
    Hooks.starting(true, 0);
    HookSource hooks = HookRegistry.of(index, report, dataPlane, instrumentation);
    Hooks.ready(hooks);
    instrumentation.addTransformer(transformer, true);
    transformer.retransformLoaded(instrumentation);
    return new WeavingHarness(instrumentation, index, report, transformer, hooks);
  }

  /**
   * The versions found that the unit's {@code support.yaml} does not state as tested. Versions of
   * the Java runtime are left out: the build runs on whichever is there.
   */
  public List<String> unstatedVersions() {
    List<Support> stated = SupportFile.in(Path.of(""));
    List<String> unstated = new ArrayList<>();
    for (InstrumentationReport.Entry entry : report.entries()) {
      String version = entry.version();
      if (version != null
          && !version.equals(System.getProperty("java.specification.version"))
          && stated.stream()
              .noneMatch(s -> s.units().contains(entry.name()) && s.states(version))) {
        unstated.add(entry.name() + " at " + version);
      }
    }
    return unstated;
  }

  /** What was woven, and what not and why. */
  public List<InstrumentationReport.Entry> report() {
    return report.entries();
  }

  /**
   * Makes the agent one that could not start, where {@code mesh.on-agent-failure} is {@code allow};
   * with true, usable again.
   */
  public void usable(boolean usable) {
    Hooks.starting(usable, 0);
    if (usable) {
      Hooks.ready(hooks);
    } else {
      Hooks.failed("not usable, for a test");
    }
  }

  /**
   * From now on the hook of this class throws at each call, and no other; with null, none does.
   *
   * @param hook binary name
   */
  public void breakHook(@Nullable String hook) {
    Hooks.ready((owner, name) -> name.equals(hook) ? new BrokenHook() : hooks.find(owner, name));
  }

  private static final class BrokenHook extends Hook {
    @Override
    public Object enter(
        @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
      throw new IllegalArgumentException("defect of a hook");
    }

    @Override
    public Object exit(
        @Nullable Object entered,
        @Nullable Object self,
        @Nullable Object result,
        @Nullable Throwable thrown) {
      throw new IllegalArgumentException("defect of a hook");
    }
  }

  @Override
  public void close() {
    instrumentation.removeTransformer(transformer);
    List<Class<?>> woven = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (index.contains(type.getName().replace('.', '/'))) {
        woven.add(type);
      }
    }
    try {
      if (!woven.isEmpty()) {
        instrumentation.retransformClasses(woven.toArray(new Class<?>[0]));
      }
    } catch (UnmodifiableClassException e) {
      throw new IllegalStateException("classes cannot be restored", e);
    } finally {
      Hooks.failed("the weaving harness is closed");
    }
  }
}
