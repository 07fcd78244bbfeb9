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
  private final InstrumentationIndex index;
  private final Map<String, Seen> seen = new LinkedHashMap<>();

  private InstrumentationReport(InstrumentationIndex index) {
    this.index = index;
  }

  /** An empty report on the modules of {@code index}. */
  public static InstrumentationReport of(InstrumentationIndex index) {
    return new InstrumentationReport(index);
  }

  /** A class of the library was woven. */
  public synchronized void applied(String module, String version, String className) {
    entry(module, version).classes.add(className);
  }

  /**
   * Something was not woven; the first reason per module and version is kept, and logged for
   * enforcing modules.
   */
  public void notApplied(String module, String version, String reason, Role role) {
    boolean first;
    synchronized (this) {
      Seen entry = entry(module, version);
      first = entry.reason == null;
      if (first) {
        entry.reason = reason;
      }
    }
    if (first && role == Role.ENFORCING) {
      AgentLog.once("instrumentation " + module + " does not apply: " + reason);
    }
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
        all.add(
            new Entry(
                module.name(),
                module.libraryName(),
                null,
                "not-seen",
                null,
                module.role(),
                none()));
      }
    }
    return all;
  }

  private static Set<String> none() {
    return Collections.emptySet();
  }

  private Seen entry(String module, String version) {
    return seen.computeIfAbsent(module + '\n' + version, key -> new Seen(module, version));
  }

  private static final class Seen {
    final String module;
    final String version;
    final Set<String> classes = new LinkedHashSet<>();
    @Nullable String reason;

    Seen(String module, String version) {
      this.module = module;
      this.version = version;
    }
  }

  /** One line of the report. Immutable. */
  public static final class Entry {
    private final String name;
    private final String library;
    private final @Nullable String version;
    private final String state;
    private final @Nullable String reason;
    private final Role role;
    private final Set<String> classes;

    private Entry(
        String name,
        String library,
        @Nullable String version,
        String state,
        @Nullable String reason,
        Role role,
        Set<String> classes) {
      this.name = name;
      this.library = library;
      this.version = version;
      this.state = state;
      this.reason = reason;
      this.role = role;
      this.classes = Collections.unmodifiableSet(new LinkedHashSet<>(classes));
    }

    static Entry of(InstrumentationIndex.Declared module, Seen s) {
      String state = s.reason == null ? "applied" : "not-applied";
      return new Entry(
          s.module, module.libraryName(), s.version, state, s.reason, module.role(), s.classes);
    }

    /** Name of the module. */
    public String name() {
      return name;
    }

    /** Name of the library. */
    public String library() {
      return library;
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

    /** Role of the module. */
    public Role role() {
      return role;
    }

    /** Binary names of the classes woven. */
    public Set<String> classes() {
      return classes;
    }

    @Override
    public String toString() {
      return name + " (" + library + " " + version + "): " + state + " " + reason + " " + classes;
    }
  }
}
