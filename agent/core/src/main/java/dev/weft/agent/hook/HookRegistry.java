package dev.weft.agent.hook;

import dev.weft.agent.AgentLog;
import dev.weft.agent.extension.HookContext;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.agent.weave.Obstacle;
import dev.weft.bootstrap.Hook;
import dev.weft.bootstrap.HookSource;
import dev.weft.dataplane.DataPlane;
import java.lang.instrument.Instrumentation;
import java.lang.ref.WeakReference;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.security.AccessController;
import java.security.PrivilegedActionException;
import java.security.PrivilegedExceptionAction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes hooks: the source behind {@link dev.weft.bootstrap.Hooks}. Thread-safe.
 *
 * <p>Hooks of one library loader are kept by the woven classes of that loader, through a {@link
 * ClassValue}, and by nothing else: when the application drops the library's loader, its hooks go
 * with it.
 */
public final class HookRegistry implements HookSource {
  private final InstrumentationIndex index;
  private final InstrumentationReport report;
  private final DataPlane dataPlane;
  private final @Nullable Instrumentation instrumentation;
  private final LoaderHooks bootHooks = new LoaderHooks(null);
  private final Map<ClassLoader, WeakReference<LoaderHooks>> byLoader = new WeakHashMap<>();
  private final ClassValue<LoaderHooks> byOwner =
      new ClassValue<LoaderHooks>() {
        @Override
        protected LoaderHooks computeValue(Class<?> owner) {
          return hooksOf(owner.getClassLoader());
        }
      };

  private HookRegistry(
      InstrumentationIndex index,
      InstrumentationReport report,
      DataPlane dataPlane,
      @Nullable Instrumentation instrumentation) {
    this.index = index;
    this.report = report;
    this.dataPlane = dataPlane;
    this.instrumentation = instrumentation;
  }

  /** A registry whose hooks work on {@code dataPlane}. */
  public static HookRegistry of(
      InstrumentationIndex index,
      InstrumentationReport report,
      DataPlane dataPlane,
      @Nullable Instrumentation instrumentation) {
    return new HookRegistry(index, report, dataPlane, instrumentation);
  }

  @Override
  public Hook find(Class<?> owner, String name) throws Throwable {
    // The application's code on this stack may be allowed less than the agent is.
    PrivilegedExceptionAction<Hook> make = () -> byOwner.get(owner).hook(owner, name);
    try {
      return AccessController.doPrivileged(make);
    } catch (PrivilegedActionException e) {
      throw e.getException();
    }
  }

  private LoaderHooks hooksOf(@Nullable ClassLoader loader) {
    if (loader == null) {
      return bootHooks;
    }
    synchronized (byLoader) {
      WeakReference<LoaderHooks> known = byLoader.get(loader);
      LoaderHooks hooks = known == null ? null : known.get();
      if (hooks == null) {
        hooks = new LoaderHooks(loader);
        byLoader.put(loader, new WeakReference<>(hooks));
      }
      return hooks;
    }
  }

  /** The hooks beside one library loader. */
  private final class LoaderHooks {
    private final HookLoader loader;
    private final Map<String, Hook> hooks = new HashMap<>();
    private final Set<String> opened = new HashSet<>();

    LoaderHooks(@Nullable ClassLoader library) {
      this.loader = HookLoader.of(library, HookRegistry.class.getClassLoader());
    }

    synchronized Hook hook(Class<?> owner, String name) throws Exception {
      Hook known = hooks.get(name);
      if (known != null) {
        return known;
      }
      InstrumentationIndex.Declared module = index.moduleOfHook(owner, name);
      if (module == null) {
        String what = "hook " + name + " belongs to no instrumentation";
        AgentLog.once(what + "; what it is for is refused");
        throw new ClassNotFoundException(what);
      }
      Hook made;
      try {
        if (instrumentation != null && !opened.contains(module.name())) {
          Modules.open(instrumentation, owner, module.openedPackages(), loader);
          opened.add(module.name());
        }
        Constructor<? extends Hook> constructor =
            loader.loadClass(name).asSubclass(Hook.class).getConstructor(HookContext.class);
        made = constructor.newInstance(new Context(module));
      } catch (InvocationTargetException e) {
        throw defect(module, name, e.getCause());
      } catch (Throwable t) {
        throw defect(module, name, t);
      }
      hooks.put(name, made);
      return made;
    }

    private Exception defect(
        InstrumentationIndex.Declared module, String name, @Nullable Throwable cause) {
      Throwable failure = cause == null ? new IllegalStateException(name) : cause;
      report.notApplied(
          module,
          InstrumentationReport.UNKNOWN,
          Obstacle.FAILURE,
          "hook " + name + " cannot be made: " + AgentLog.describe(failure),
          true);
      return failure instanceof Exception
          ? (Exception) failure
          : new IllegalStateException(failure);
    }
  }

  private final class Context implements HookContext {
    private final InstrumentationIndex.Declared module;

    Context(InstrumentationIndex.Declared module) {
      this.module = module;
    }

    @Override
    public DataPlane dataPlane() {
      return dataPlane;
    }

    @Override
    public void listening(int port) {
      dataPlane.ports().opened(port, true);
    }

    @Override
    public void notApplied(String reason) {
      report.notApplied(module, InstrumentationReport.UNKNOWN, Obstacle.SHAPE, reason, false);
    }

    @Override
    public void failed(String what, Throwable failure) {
      AgentLog.once(module.name() + ": " + what + ": " + AgentLog.describe(failure));
    }
  }
}
