package dev.weft.agent.weave;

import dev.weft.agent.AgentLog;
import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HandedValue;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Decides, for a class behind the gate, which modules apply to its library, and has them woven.
 * Thread-safe; holds class loaders weakly.
 */
final class Weaver {
  private final InstrumentationIndex index;
  private final InstrumentationReport report;
  private final boolean closeUnusable;
  private final WovenClasses known;
  private final Map<ClassLoader, Map<Library, LibraryCheck>> checks = new WeakHashMap<>();
  private final Map<Library, LibraryCheck> bootChecks = new HashMap<>();

  /**
   * A weaver.
   *
   * @param closeUnusable whether methods of an enforcing module that does not apply are closed
   *     ({@code mesh.on-agent-failure=deny})
   * @param known what earlier starts have woven
   */
  Weaver(
      InstrumentationIndex index,
      InstrumentationReport report,
      boolean closeUnusable,
      WovenClasses known) {
    this.index = index;
    this.report = report;
    this.closeUnusable = closeUnusable;
    this.known = known;
  }

  /**
   * Loads what weaving needs, so that the first woven class of the application does not wait for
   * it. That is ByteBuddy, unless all that this start needs is likely to be known.
   */
  void preload() {
    byte[] bytes;
    try {
      bytes =
          ClassBytes.read(
              Warm.class.getClassLoader(), Warm.class.getName().replace('.', '/') + ".class");
      if (bytes == null) {
        return;
      }
      // What checks of libraries need in any case.
      ClassMembers.of(bytes);
    } catch (java.io.IOException e) {
      return;
    }
    if (!known.isComplete()) {
      List<AdviceBinding> bindings = new ArrayList<>();
      bindings.add(
          AdviceBinding.of(
              "warm",
              "(Ljava/lang/Object;)Ljava/lang/Object;",
              HookCall.decides("warm", HandedValue.argument(0))));
      ClassWeaver.weave(Warm.class.getClassLoader(), Warm.class.getName(), bytes, bindings);
    }
  }

  /** The woven class file, null when the class is to stay as it is. */
  byte @Nullable [] weave(@Nullable ClassLoader loader, String internalName, byte[] bytes) {
    String className = internalName.replace('/', '.');
    byte[] woven = bytes;
    boolean enforced = false;
    List<AdviceBinding> unenforced = new ArrayList<>();
    for (InstrumentationIndex.Declared declared : index.modulesOf(internalName)) {
      String version = InstrumentationReport.UNKNOWN;
      List<AdviceBinding> bindings = new ArrayList<>();
      try {
        InstrumentationModule module = declared.module();
        bindings = bindings(module, className);
        LibraryCheck check = check(declared.library(), loader);
        version = check.version();
        String reason = check.reason();
        if (reason == null) {
          woven = woven(declared, loader, className, woven, bindings);
          report.applied(declared.name(), version, className);
          enforced |= declared.role() == Role.ENFORCING;
          continue;
        }
        Obstacle obstacle = check.obstacle();
        if (obstacle == null || isCovered(declared, check, loader)) {
          continue;
        }
        report.notApplied(declared, version, obstacle, reason, closeUnusable);
      } catch (Throwable t) {
        boolean misfit = t instanceof ClassWeaver.MisfitException;
        String reason =
            misfit
                ? String.valueOf(t.getMessage())
                : className + " cannot be woven: " + AgentLog.describe(t);
        Obstacle obstacle = misfit ? Obstacle.SHAPE : Obstacle.FAILURE;
        if (LibraryCheck.isChanged(loader, internalName, bytes)) {
          obstacle = Obstacle.OTHER_AGENT;
          reason += "; another agent changed the class before";
        }
        report.notApplied(declared, version, obstacle, reason, closeUnusable);
      }
      if (declared.role() == Role.ENFORCING) {
        unenforced.addAll(bindings);
      }
    }
    if (closeUnusable && !enforced && !unenforced.isEmpty()) {
      return closed(className, bytes, unenforced);
    }
    return woven == bytes ? null : woven;
  }

  private byte[] woven(
      InstrumentationIndex.Declared declared,
      @Nullable ClassLoader loader,
      String className,
      byte[] bytes,
      List<AdviceBinding> bindings) {
    WovenFile file = new WovenFile(declared.className(), className, bytes);
    byte[] found = known.find(file);
    if (found != null) {
      return found;
    }
    byte[] made = ClassWeaver.weave(loader, className, bytes, bindings);
    known.keep(file, made);
    return made;
  }

  /**
   * Whether another module is the one for this library: by its version, or, where that cannot be
   * told, by its shape.
   */
  private boolean isCovered(
      InstrumentationIndex.Declared declared, LibraryCheck check, @Nullable ClassLoader loader) {
    for (InstrumentationIndex.Declared sibling : index.siblings(declared)) {
      if (isMeant(sibling, declared, check, loader)) {
        return true;
      }
    }
    return false;
  }

  private boolean isMeant(
      InstrumentationIndex.Declared sibling,
      InstrumentationIndex.Declared declared,
      LibraryCheck check,
      @Nullable ClassLoader loader) {
    Library library = sibling.library();
    if (library.reasonNotWoven() != null) {
      return check(library, loader).obstacle() == Obstacle.UNSUPPORTED;
    }
    if (sibling.role() != declared.role()) {
      return false;
    }
    return check.obstacle() == Obstacle.VERSION
        ? LibraryCheck.covers(library, check.version())
        : check(library, loader).reason() == null;
  }

  private static byte @Nullable [] closed(
      String className, byte[] bytes, List<AdviceBinding> bindings) {
    try {
      AgentLog.once(
          className
              + " is closed: its instrumentation does not apply and on-agent-failure is deny");
      return ClassWeaver.close(
          bytes,
          bindings,
          "closed by the service mesh: its instrumentation does not apply to this version of the"
              + " library, and mesh.on-agent-failure is deny");
    } catch (Throwable t) {
      AgentLog.once(className + " cannot be closed: " + AgentLog.describe(t));
      return null;
    }
  }

  private static List<AdviceBinding> bindings(InstrumentationModule module, String className) {
    List<AdviceBinding> bindings = new ArrayList<>();
    for (TypeInstrumentation type : module.types()) {
      if (type.classNames().contains(className)) {
        bindings.addAll(type.bindings());
      }
    }
    return bindings;
  }

  /**
   * Modules of one library ask once for each class loader: its classes have to be parsed for it.
   */
  private LibraryCheck check(Library library, @Nullable ClassLoader loader) {
    synchronized (checks) {
      LibraryCheck known = checksOf(loader).get(library);
      if (known != null) {
        return known;
      }
    }
    // Not under the lock: reading from an application's class loader may take locks of its own.
    LibraryCheck made = LibraryCheck.of(library, loader);
    synchronized (checks) {
      checksOf(loader).put(library, made);
    }
    return made;
  }

  private Map<Library, LibraryCheck> checksOf(@Nullable ClassLoader loader) {
    return loader == null ? bootChecks : checks.computeIfAbsent(loader, l -> new HashMap<>());
  }
}
