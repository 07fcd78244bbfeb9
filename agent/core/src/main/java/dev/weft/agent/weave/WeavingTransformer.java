package dev.weft.agent.weave;

import dev.weft.agent.AgentLog;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gate in front of the weaver: what every class load of the JVM passes. Outside the gate it is
 * one hash look-up, and nothing of ByteBuddy is loaded for it. Never throws. Thread-safe.
 */
public final class WeavingTransformer implements ClassFileTransformer {
  private final InstrumentationIndex index;
  private final InstrumentationReport report;
  private final boolean closeUnusable;
  private final @Nullable String cacheDirectory;
  private volatile @Nullable Weaver weaver;

  private WeavingTransformer(
      InstrumentationIndex index,
      InstrumentationReport report,
      boolean closeUnusable,
      @Nullable String cacheDirectory) {
    this.index = index;
    this.report = report;
    this.closeUnusable = closeUnusable;
    this.cacheDirectory = cacheDirectory;
  }

  /** A transformer that weaves all it gives out. */
  public static WeavingTransformer of(
      InstrumentationIndex index, InstrumentationReport report, boolean closeUnusable) {
    return of(index, report, closeUnusable, null);
  }

  /**
   * A transformer for the classes of {@code index}.
   *
   * @param closeUnusable whether methods of an enforcing module that does not apply are closed
   * @param cacheDirectory where what earlier starts have woven is found and more is kept, null for
   *     nowhere
   */
  public static WeavingTransformer of(
      InstrumentationIndex index,
      InstrumentationReport report,
      boolean closeUnusable,
      @Nullable String cacheDirectory) {
    return new WeavingTransformer(index, report, closeUnusable, cacheDirectory);
  }

  /** A transformer that finds these. */
  static WeavingTransformer finding(
      WovenClasses known,
      InstrumentationIndex index,
      InstrumentationReport report,
      boolean closeUnusable) {
    WeavingTransformer transformer = of(index, report, closeUnusable);
    transformer.weaver = new Weaver(index, report, closeUnusable, known);
    return transformer;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String internalName,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] bytes) {
    if (internalName == null || !index.concerns(internalName)) {
      return null;
    }
    try {
      if (!index.contains(internalName)) {
        noteCopy(internalName);
        return null;
      }
      // The application's code that loads the class may be allowed less than the agent is.
      // No lambda: linking one loads classes, and this is the middle of a class load.
      return AccessController.doPrivileged(
          new PrivilegedAction<byte @Nullable []>() {
            @Override
            public byte @Nullable [] run() {
              return weaver().weave(loader, internalName, bytes);
            }
          });
    } catch (Throwable t) {
      AgentLog.once(internalName + " cannot be woven: " + AgentLog.describe(t));
      return null;
    }
  }

  /**
   * Loads the rest of the index, and ByteBuddy where it is likely to be needed. To be called on a
   * thread that does nothing else: an application's thread may wait for it.
   */
  public void preload() {
    index.load();
    weaver().preload();
  }

  /** Weaves the classes of the index that are loaded already. */
  public void retransformLoaded(Instrumentation instrumentation) {
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = type.getName().replace('.', '/');
      if (!index.contains(name)) {
        noteCopy(name);
      } else if (instrumentation.isModifiableClass(type)) {
        loaded.add(type);
      }
    }
    if (loaded.isEmpty()) {
      return;
    }
    try {
      instrumentation.retransformClasses(loaded.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      // One class the JVM refuses must not keep the others unwoven.
      for (Class<?> type : loaded) {
        retransform(instrumentation, type);
      }
    }
  }

  private void retransform(Instrumentation instrumentation, Class<?> type) {
    try {
      instrumentation.retransformClasses(type);
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      for (InstrumentationIndex.Declared module :
          index.modulesOf(type.getName().replace('.', '/'))) {
        report.notApplied(
            module,
            InstrumentationReport.UNKNOWN,
            Obstacle.FAILURE,
            type.getName() + " cannot be rewoven: " + AgentLog.describe(e),
            false);
      }
    }
  }

  /** A library under another package is not woven; somebody should know that it is there. */
  private void noteCopy(String internalName) {
    String original = index.original(internalName);
    if (original != null) {
      for (InstrumentationIndex.Declared module : index.modulesOf(original)) {
        if (module.module().library().reasonNotWoven() == null) {
          report.notApplied(
              module,
              InstrumentationReport.UNKNOWN,
              Obstacle.SHADED,
              internalName.replace('/', '.')
                  + " is a copy of "
                  + original.replace('/', '.')
                  + " under another package",
              false);
        }
      }
    }
  }

  private Weaver weaver() {
    Weaver made = weaver;
    if (made == null) {
      synchronized (this) {
        made = weaver;
        if (made == null) {
          made = new Weaver(index, report, closeUnusable, WovenClasses.of(cacheDirectory));
          weaver = made;
        }
      }
    }
    return made;
  }
}
