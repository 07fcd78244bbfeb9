package dev.weft.agent.boot;

import dev.weft.agent.AgentLog;
import dev.weft.agent.MeshThreads;
import dev.weft.agent.settings.Setting;
import dev.weft.agent.settings.Settings;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.agent.weave.WeavingTransformer;
import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.VirtualNames;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * The start proper, once the bootstrap classes are there.
 *
 * <p>Two threads go on when this returns, and they share nothing: {@code mesh-weaver} loads the
 * weaver, for which an application's thread may have to wait inside a class load, and nothing else;
 * {@code mesh-control} builds the data plane, which reads files, makes TLS contexts and talks to
 * the network, and may wait for anything.
 */
final class Boot {
  private static final String RUNTIME = "dev.weft.agent.runtime.MeshRuntime";

  /**
   * How long the data plane stays away from a start that has not needed it yet. TLS and all that
   * comes with it are a third of a second of CPU, which on two cores the application would miss.
   */
  private static final long UNWANTED_MILLIS = 1_000;

  private Boot() {}

  static void run(Settings settings, Instrumentation instrumentation, boolean attached) {
    boolean deny = settings.denyOnAgentFailure();
    Hooks.starting(deny, settings.startWaitMillis());
    String unusable = unusable(settings);
    if (unusable != null) {
      Hooks.failed(unusable);
      AgentLog.line(
          unusable + (deny ? "; calls are refused" : "; the application runs outside the mesh"));
      if (!deny) {
        return;
      }
    }
    InstrumentationIndex index = InstrumentationIndex.ofAgentJar(settings.given());
    VirtualNames.optIn(settings.virtualAddresses());
    InstrumentationReport report = InstrumentationReport.of(index);
    WeavingTransformer transformer =
        WeavingTransformer.of(
            index, report, deny, settings.keepsClasses() ? settings.cacheDir() : null);
    instrumentation.addTransformer(transformer, true);
    if (unusable == null) {
      long delay = attached ? 0 : UNWANTED_MILLIS;
      MeshThreads.create("control", new Control(settings, instrumentation, index, report, delay))
          .start();
    }
    if (!attached) {
      MeshThreads.create("weaver", new Preload(transformer)).start();
    }
    // The runtime's own classes may have been in use before main.
    boolean runtimeClasses = settings.get(Setting.VIRTUAL_ADDRESSES) != null;
    if (attached || runtimeClasses || isPreceded(instrumentation)) {
      transformer.retransformLoaded(instrumentation);
    }
  }

  /**
   * Whether an agent has started before this one: it has loaded classes of the JDK. Before main
   * nobody else has a class in the system loader, and asking that is cheaper than asking for all.
   */
  private static boolean isPreceded(Instrumentation instrumentation) {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    for (Class<?> type : instrumentation.getInitiatedClasses(system)) {
      if (type.getClassLoader() == system && !type.getName().startsWith("dev.weft.")) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable String unusable(Settings settings) {
    return settings.serviceName() == null
        ? "mesh." + Setting.SERVICE_NAME.text() + " is not set"
        : null;
  }

  private static final class Preload implements Runnable {
    private final WeavingTransformer transformer;

    Preload(WeavingTransformer transformer) {
      this.transformer = transformer;
    }

    @Override
    public void run() {
      transformer.preload();
    }
  }

  private static final class Control implements Runnable {
    private final Settings settings;
    private final Instrumentation instrumentation;
    private final InstrumentationIndex index;
    private final InstrumentationReport report;
    private final long delayMillis;

    Control(
        Settings settings,
        Instrumentation instrumentation,
        InstrumentationIndex index,
        InstrumentationReport report,
        long delayMillis) {
      this.settings = settings;
      this.instrumentation = instrumentation;
      this.index = index;
      this.report = report;
      this.delayMillis = delayMillis;
    }

    @Override
    public void run() {
      try {
        Hooks.awaitWanted(delayMillis);
        AgentRuntime runtime =
            Class.forName(RUNTIME, true, Boot.class.getClassLoader())
                .asSubclass(AgentRuntime.class)
                .getConstructor()
                .newInstance();
        Hooks.ready(runtime.start(settings, instrumentation, index, report));
      } catch (Throwable t) {
        String reason = "the mesh agent cannot start: " + AgentLog.describe(t);
        Hooks.failed(reason);
        AgentLog.line(
            reason
                + (settings.denyOnAgentFailure()
                    ? "; calls are refused"
                    : "; the application runs outside the mesh"));
      }
    }
  }
}
