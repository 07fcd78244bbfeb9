package dev.weft.instrumentation.testing;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.hook.HookRegistry;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.agent.weave.WeavingTransformer;
import dev.weft.bootstrap.Hooks;
import dev.weft.dataplane.DataPlane;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.agent.ByteBuddyAgent;

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

  private WeavingHarness(
      Instrumentation instrumentation,
      InstrumentationIndex index,
      InstrumentationReport report,
      WeavingTransformer transformer) {
    this.instrumentation = instrumentation;
    this.index = index;
    this.report = report;
    this.transformer = transformer;
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
    Hooks.ready(HookRegistry.of(index, report, dataPlane, instrumentation));
    instrumentation.addTransformer(transformer, true);
    transformer.retransformLoaded(instrumentation);
    return new WeavingHarness(instrumentation, index, report, transformer);
  }

  /** What was woven, and what not and why. */
  public List<InstrumentationReport.Entry> report() {
    return report.entries();
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
