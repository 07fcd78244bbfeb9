package dev.weft.agent.weave;

import dev.weft.agent.AgentLog;
import dev.weft.agent.extension.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is instrumented and what is not, and why: one entry per module and library version seen.
 * Thread-safe; never holds a class or class loader.
 */
public final class InstrumentationReport {
  /** The version of a library that is there and does not tell. */
  public static final String UNKNOWN = "unknown";

  private static final int MAX_REASON = 500;

  private final InstrumentationIndex index;
  private final Map<String, Seen> seen = new LinkedHashMap<>();
  private volatile @Nullable Runnable listener;

  private InstrumentationReport(InstrumentationIndex index) {
    this.index = index;
  }

  /** An empty report on the modules of {@code index}. */
  public static InstrumentationReport of(InstrumentationIndex index) {
    return new InstrumentationReport(index);
  }

  /**
   * Has {@code listener} called when a unit that should stand in front of the application turns out
   * not to: on the thread that loads the class, so it must return at once.
   */
  public void onMissingGuard(Runnable listener) {
    this.listener = listener;
  }

  /** A class of the library was woven. */
  public synchronized void applied(String module, String version, String className) {
    entry(module, version).classes.add(className);
  }

  /**
   * Something was not woven; the first reason per module and version is kept, and logged for
   * enforcing modules.
   *
   * @param closed whether the calls in question are refused for it, rather than go on as without
   *     the mesh
   */
  public void notApplied(
      InstrumentationIndex.Declared module,
      String version,
      @Nullable Obstacle obstacle,
      String reason,
      boolean closed) {
    synchronized (this) {
      Seen entry = entry(module.name(), version);
      if (entry.reason != null) {
        return;
      }
      entry.obstacle = obstacle;
      entry.reason = reason.substring(0, Math.min(reason.length(), MAX_REASON));
    }
    if (module.role() != Role.ENFORCING) {
      return;
    }
    AgentLog.once(
        "instrumentation "
            + module.name()
            + " does not apply to "
            + module.libraryName()
            + ": "
            + reason
            + consequence(module.isGuard(), closed));
    Runnable told = listener;
    if (module.isGuard() && told != null) {
      told.run();
    }
  }

  private static String consequence(boolean guard, boolean closed) {
    if (closed) {
      return "; calls are refused";
    }
    return guard
        ? "; calls come in without the mesh's checks, and where its policy is STRICT this instance"
            + " is not ready"
        : "; its calls go out as without the mesh";
  }

  /** The state now: an entry for each module and version seen, and one for each module not seen. */
  public synchronized List<Entry> entries() {
    List<Entry> all = new ArrayList<>();
    for (InstrumentationIndex.Declared module : index.modules()) {
      boolean found = false;
      for (Seen s : seen.values()) {
        if (s.module.equals(module.name())) {
          found = true;
          all.add(Entry.of(module, s));
        }
      }
      if (!found) {
        all.add(new Entry(module, null, "not-seen", null, null, Collections.<String>emptySet()));
      }
    }
    return all;
  }

  private Seen entry(String module, String version) {
    return seen.computeIfAbsent(module + '\n' + version, key -> new Seen(module, version));
  }

  private static final class Seen {
    final String module;
    final String version;
    final Set<String> classes = new LinkedHashSet<>();
    @Nullable Obstacle obstacle;
    @Nullable String reason;

    Seen(String module, String version) {
      this.module = module;
      this.version = version;
    }
  }

  /** One line of the report. Immutable. */
  public static final class Entry {
    private final InstrumentationIndex.Declared module;
    private final @Nullable String version;
    private final String state;
    private final @Nullable Obstacle obstacle;
    private final @Nullable String reason;
    private final Set<String> classes;

    private Entry(
        InstrumentationIndex.Declared module,
        @Nullable String version,
        String state,
        @Nullable Obstacle obstacle,
        @Nullable String reason,
        Set<String> classes) {
      this.module = module;
      this.version = version;
      this.state = state;
      this.obstacle = obstacle;
      this.reason = reason;
      this.classes = Collections.unmodifiableSet(new LinkedHashSet<>(classes));
    }

    static Entry of(InstrumentationIndex.Declared module, Seen s) {
      String state = s.reason == null ? "applied" : "not-applied";
      return new Entry(module, s.version, state, s.obstacle, s.reason, s.classes);
    }

    /** Name of the module. */
    public String name() {
      return module.name();
    }

    /** Name of the library. */
    public String library() {
      return module.libraryName();
    }

    /**
     * Version found, {@code unknown} when it could not be read, null when the library was not seen.
     */
    public @Nullable String version() {
      return version;
    }

    /** {@code applied}, {@code not-applied} or {@code not-seen}, as the instance report says it. */
    public String state() {
      return state;
    }

    /** Why it is not applied, else null. */
    public @Nullable String reason() {
      return reason;
    }

    /** Why it is not applied in one word, else null. */
    public @Nullable Obstacle obstacle() {
      return obstacle;
    }

    /** Role of the module. */
    public Role role() {
      return module.role();
    }

    /** Whether calls come into the application unchecked where it is not applied. */
    public boolean isGuard() {
      return module.isGuard();
    }

    /** Binary names of the classes woven. */
    public Set<String> classes() {
      return classes;
    }

    @Override
    public String toString() {
      return name() + " (" + library() + " " + version + "): " + state + " " + reason + " "
          + classes;
    }
  }
}
