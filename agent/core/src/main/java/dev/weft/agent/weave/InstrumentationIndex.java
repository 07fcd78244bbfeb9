package dev.weft.agent.weave;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which classes are woven by which module: the name gate. Written when the agent jar is built, so
 * that an application's start loads no module before one of its classes comes by. Thread-safe.
 *
 * <p>Text, UTF-8. A line {@code module CLASS<tab>NAME<tab>LIBRARY<tab>ROLE<tab>PACKAGES<tab>OPT_IN
 * <tab>GUARD} starts a module ({@code PACKAGES}: opened packages, comma separated; {@code OPT_IN}:
 * the setting that asks for it, or nothing; {@code GUARD}: {@code guard} or nothing); each line
 * after it is the internal name of a class it weaves.
 */
public final class InstrumentationIndex {
  private static final String GUARD = "guard";

  /** Resource of the agent's class loader that holds the index. */
  public static final String RESOURCE = "instrumentation.index";

  /** Resource that holds the {@link NameGate} of the index. */
  public static final String GATE_RESOURCE = "instrumentation.gate";

  private final NameGate gate;

  /** Settings that are given, for modules that somebody has to ask for. */
  private final Set<String> settings;

  private volatile @Nullable Content content;

  private InstrumentationIndex(NameGate gate, Set<String> settings) {
    this.gate = gate;
    this.settings = settings;
  }

  private InstrumentationIndex(Collection<Declared> modules) {
    Content all = new Content(modules);
    this.gate = NameGate.of(all.byInternalName.keySet());
    this.settings = Collections.emptySet();
    this.content = all;
  }

  /** What the index says, once somebody needs more of it than its gate. */
  private static final class Content {
    final Map<String, List<Declared>> byInternalName = new HashMap<>();
    final Collection<Declared> modules;
    final RelocatedNames relocated;

    Content(Collection<Declared> modules) {
      this.modules = Collections.unmodifiableCollection(modules);
      for (Declared module : modules) {
        for (String name : module.internalNames) {
          // No lambda here: this may run within a class load.
          List<Declared> weaving = byInternalName.get(name);
          if (weaving == null) {
            weaving = new ArrayList<>(2);
            byInternalName.put(name, weaving);
          }
          weaving.add(module);
        }
      }
      this.relocated = new RelocatedNames(byInternalName.keySet());
    }
  }

  private Content content() {
    Content known = content;
    if (known != null) {
      return known;
    }
    // Without a lock: reading loads classes, and the thread may be within a class load already.
    Content read = fromAgentJar(settings);
    synchronized (this) {
      known = content;
      if (known == null) {
        known = read;
        content = read;
      }
      return known;
    }
  }

  /** Reads all of it, on a thread that has time for that. */
  void load() {
    content();
  }

  /** The index of these modules. */
  public static InstrumentationIndex of(Collection<? extends InstrumentationModule> modules) {
    List<Declared> declared = new ArrayList<>();
    for (InstrumentationModule module : modules) {
      Declared d =
          new Declared(
              module.getClass().getName(),
              module.name(),
              module.library().name(),
              module.role(),
              module.library().openedPackages(),
              module.optInSetting(),
              module.guardsApplication());
      for (TypeInstrumentation type : module.types()) {
        for (String name : type.classNames()) {
          d.internalNames.add(name.replace('.', '/'));
        }
      }
      d.module = module;
      declared.add(d);
    }
    return new InstrumentationIndex(declared);
  }

  /** Reads the index written by {@link #write}. */
  public static InstrumentationIndex read(InputStream in) throws IOException {
    return new InstrumentationIndex(declared(in));
  }

  private static List<Declared> declared(InputStream in) throws IOException {
    List<Declared> declared = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("module ")) {
          String[] part = line.substring("module ".length()).split("\t", -1);
          List<String> opened = new ArrayList<>();
          for (String name : part[4].split(",")) {
            if (!name.isEmpty()) {
              opened.add(name);
            }
          }
          declared.add(
              new Declared(
                  part[0],
                  part[1],
                  part[2],
                  Role.valueOf(part[3]),
                  opened,
                  part[5],
                  part[6].equals(GUARD)));
        } else if (!line.isEmpty()) {
          declared.get(declared.size() - 1).internalNames.add(line);
        }
      }
    } catch (RuntimeException e) {
      throw new IOException("the instrumentation index of the agent jar is damaged", e);
    }
    return declared;
  }

  /** The index as text, for {@link #read}. */
  public String write() {
    StringBuilder out = new StringBuilder();
    for (Declared module : content().modules) {
      out.append("module ").append(module.className).append('\t').append(module.name);
      out.append('\t').append(module.libraryName).append('\t').append(module.role).append('\t');
      out.append(String.join(",", module.openedPackages));
      out.append('\t').append(module.optInSetting);
      out.append('\t').append(module.guard ? GUARD : "").append('\n');
      for (String name : module.internalNames) {
        out.append(name).append('\n');
      }
    }
    return out.toString();
  }

  /** The gate of the index as bytes, for {@link #GATE_RESOURCE}. */
  public byte[] writeGate() {
    return gate.write();
  }

  /**
   * Whether a class of this internal name, or one that it is a copy of, may be woven: false is
   * certain, and costs one hash look-up.
   */
  boolean concerns(String internalName) {
    return gate.passes(internalName);
  }

  /** Whether a class of this internal name may be woven. */
  public boolean contains(String internalName) {
    return gate.passes(internalName) && content().byInternalName.containsKey(internalName);
  }

  /** Modules that weave the class, empty for none. */
  public List<Declared> modulesOf(String internalName) {
    List<Declared> found = content().byInternalName.get(internalName);
    return found == null ? Collections.<Declared>emptyList() : found;
  }

  /**
   * Other modules for the same library, which may be for the versions that this one is not for:
   * those of the same library name, or that weave a class of the same name.
   */
  List<Declared> siblings(Declared module) {
    List<Declared> siblings = new ArrayList<>();
    for (Declared other : content().modules) {
      if (other != module
          && (other.libraryName.equals(module.libraryName)
              || !Collections.disjoint(other.internalNames, module.internalNames))) {
        siblings.add(other);
      }
    }
    return siblings;
  }

  /** Internal name of the woven class that a class is a relocated copy of, null for none. */
  @Nullable String original(String internalName) {
    return gate.passes(internalName) ? content().relocated.original(internalName) : null;
  }

  /** All modules, in the order of the index. */
  public Collection<Declared> modules() {
    return content().modules;
  }

  /** Internal names of all classes that may be woven. */
  public Set<String> internalNames() {
    return Collections.unmodifiableSet(content().byInternalName.keySet());
  }

  /**
   * The module whose package holds a hook class, null when there is none. Of several modules in one
   * package it is the one that weaves {@code owner}.
   */
  public @Nullable Declared moduleOfHook(Class<?> owner, String hookClassName) {
    Declared own = holding(modulesOf(owner.getName().replace('.', '/')), hookClassName);
    return own != null ? own : holding(content().modules, hookClassName);
  }

  private static @Nullable Declared holding(Collection<Declared> among, String hookClassName) {
    for (Declared module : among) {
      String packagePrefix = module.className.substring(0, module.className.lastIndexOf('.') + 1);
      if (hookClassName.startsWith(packagePrefix)) {
        return module;
      }
    }
    return null;
  }

  /** A module as the index knows it, before its class is loaded. */
  public static final class Declared {
    private final String className;
    private final String name;
    private final String libraryName;
    private final Role role;
    private final List<String> openedPackages;
    private final String optInSetting;
    private final boolean guard;
    private final Set<String> internalNames = new LinkedHashSet<>();
    private volatile @Nullable InstrumentationModule module;
    private volatile @Nullable Library library;

    private Declared(
        String className,
        String name,
        String libraryName,
        Role role,
        List<String> openedPackages,
        String optInSetting,
        boolean guard) {
      this.className = className;
      this.name = name;
      this.libraryName = libraryName;
      this.role = role;
      this.openedPackages = openedPackages;
      this.optInSetting = optInSetting;
      this.guard = guard;
    }

    /** Name of the module's class: no other has it. */
    String className() {
      return className;
    }

    /** Name for reports. */
    public String name() {
      return name;
    }

    /** Name of the library. */
    public String libraryName() {
      return libraryName;
    }

    /** What an unusable unit means. */
    public Role role() {
      return role;
    }

    /** Whether calls come into the application unchecked where the module is not applied. */
    public boolean isGuard() {
      return guard;
    }

    /** Packages of named modules to open to hooks. */
    public List<String> openedPackages() {
      return openedPackages;
    }

    /** The module itself, loaded at the first call. */
    public InstrumentationModule module() {
      InstrumentationModule loaded = module;
      if (loaded == null) {
        loaded = load();
        module = loaded;
      }
      return loaded;
    }

    /** The library that the module is for; always the same object. */
    public Library library() {
      Library known = library;
      if (known == null) {
        known = module().library();
        library = known;
      }
      return known;
    }

    private InstrumentationModule load() {
      try {
        return Class.forName(className, true, InstrumentationIndex.class.getClassLoader())
            .asSubclass(InstrumentationModule.class)
            .getConstructor()
            .newInstance();
      } catch (InvocationTargetException e) {
        throw new IllegalStateException("module " + name + " cannot be made", e.getCause());
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("module " + name + " cannot be made", e);
      }
    }
  }

  /**
   * The index in the agent jar, without the modules that nobody asked for. Only its gate is read
   * before it is asked for more.
   *
   * @param settings names of the settings that are given, without prefix
   */
  public static InstrumentationIndex ofAgentJar(Set<String> settings) {
    try (InputStream in = resource(GATE_RESOURCE)) {
      return new InstrumentationIndex(NameGate.read(in), settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = InstrumentationIndex.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new IOException("no " + name + " in the agent jar");
    }
    return in;
  }

  private static Content fromAgentJar(Set<String> settings) {
    try (InputStream in = resource(RESOURCE)) {
      List<Declared> wanted = new ArrayList<>();
      for (Declared module : declared(in)) {
        if (module.optInSetting.isEmpty() || settings.contains(module.optInSetting)) {
          wanted.add(module);
        }
      }
      return new Content(wanted);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
