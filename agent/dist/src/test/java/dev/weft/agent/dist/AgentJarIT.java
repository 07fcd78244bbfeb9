package dev.weft.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.weave.InstrumentationIndex;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Type;

/** Looks into the finished jar. */
final class AgentJarIT {
  private static final File JAR = new File(System.getProperty("weft.agent.jar"));
  private static final int JAVA_8 = 52;
  private static final int CONSTANT_CLASS = 7;

  /** Instruments a library that is itself of Java 11: no Java 8 ever asks for these. */
  private static final String JAVA_11_BY_DESIGN = "mesh/dev/weft/instrumentation/javahttp";

  /**
   * Our extension of the OpenTelemetry agent: the only classes that name OpenTelemetry as it is,
   * since that agent's class loader loads them, from the top of the jar, and renames on the way. To
   * the application they are names without use: its service file is of a type that only that agent
   * has, so no ServiceLoader of an application comes upon them.
   */
  private static final Set<String> EXTENSION =
      Set.of(
          "dev/weft/agent/opentelemetry/MeshBridge.class",
          "dev/weft/agent/opentelemetry/MeshTypes.class");

  /** What the jar has for the application's class loader. */
  private static final Set<String> ENTRIES = new TreeSet<>();

  /** All files, those of the bundle below {@code mesh/}. */
  private static final Map<String, byte[]> CONTENT = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      for (var entries = jar.entries(); entries.hasMoreElements(); ) {
        var entry = entries.nextElement();
        try (InputStream in = jar.getInputStream(entry)) {
          CONTENT.put(entry.getName(), in.readAllBytes());
        }
      }
    }
    ENTRIES.addAll(CONTENT.keySet());
    BundleFile.read(CONTENT.remove(BundleFile.ENTRY))
        .forEach((name, file) -> CONTENT.put("mesh/" + name, file));
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(CONTENT.remove("mesh/bootstrap.classes")))) {
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF().replace('.', '/');
        CONTENT.put("mesh/bootstrap/" + name + ".class", in.readNBytes(in.readInt()));
      }
    }
    System.out.printf(
        "mesh-agent.jar: %d entries, %d files, %d KiB%n",
        ENTRIES.size(), CONTENT.size(), JAR.length() / 1024);
  }

  private static boolean isClass(String name) {
    return name.endsWith(".class");
  }

  @Test
  void everyClassIsOfJava8() {
    List<String> above = new ArrayList<>();
    CONTENT.forEach(
        (name, file) -> {
          int major = (file.length > 7) ? (file[6] & 0xff) << 8 | (file[7] & 0xff) : 0;
          if (isClass(name) && major > JAVA_8 && !name.startsWith(JAVA_11_BY_DESIGN)) {
            above.add(name + " " + major);
          }
        });
    assertThat(above).isEmpty();
  }

  /** Their methods were rewritten when the jar was packed (StatedTypes). */
  @Test
  void thirdPartiesOfEveryStartPassTheVerifier() throws ClassNotFoundException {
    ClassLoader loader = new ContentLoader();
    int verified = 0;
    for (String name : CONTENT.keySet()) {
      if (name.startsWith("mesh/dev/weft/shaded/com/fasterxml/jackson/")
          || name.startsWith("mesh/dev/weft/shaded/net/bytebuddy/")) {
        if (name.endsWith(".class") && !name.contains("/ClassInjector$UsingJna$")) {
          Class.forName(typeOf(name), true, loader);
          verified++;
        }
      }
    }
    assertThat(verified).isGreaterThan(2_000);
  }

  private static String typeOf(String entry) {
    return entry.substring("mesh/".length(), entry.length() - ".class".length()).replace('/', '.');
  }

  /** Sees what is in the jar, and the JDK. */
  private static final class ContentLoader extends ClassLoader {
    ContentLoader() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] file = CONTENT.get("mesh/" + name.replace('.', '/') + ".class");
      if (file == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, file, 0, file.length);
    }
  }

  @Test
  void onlyEntryPointsAreVisibleToTheApplication() {
    assertThat(ENTRIES)
        .allMatch(
            name ->
                name.equals(BundleFile.ENTRY)
                    || name.startsWith("META-INF/")
                    || name.startsWith("dev/weft/agent/entry/")
                    || EXTENSION.contains(name));
    assertThat(CONTENT.keySet()).noneMatch(n -> n.contains("META-INF/versions/"));
    // The JVM reads them all before main.
    assertThat(ENTRIES).hasSizeLessThan(50);
  }

  @Test
  void everyClassIsOursOrRelocated() {
    assertThat(CONTENT.keySet())
        .filteredOn(AgentJarIT::isClass)
        .allMatch(
            name ->
                name.startsWith("dev/weft/")
                    || name.startsWith("mesh/dev/weft/")
                    || name.startsWith("mesh/bootstrap/dev/weft/bootstrap/"));
  }

  @Test
  void ownClassesNameNoThirdPartyBeforeRelocation() {
    Set<String> unrelocated = new HashSet<>();
    CONTENT.forEach(
        (name, file) -> {
          if (isClass(name) && !EXTENSION.contains(name)) {
            for (String used : namesIn(file)) {
              if (used.matches(
                  "(net/bytebuddy|io/opentelemetry|com/fasterxml|io/vavr|io/github|org/slf4j|com/google/re2j|org/yaml)/.*")) {
                unrelocated.add(used + " in " + name);
              }
            }
          }
        });
    assertThat(unrelocated).isEmpty();
  }

  @Test
  void theExtensionIsThereAsTheOpenTelemetryAgentWantsIt() {
    assertThat(CONTENT.keySet()).containsAll(EXTENSION);
    Set<String> used = new HashSet<>();
    EXTENSION.forEach(name -> used.addAll(namesIn(CONTENT.get(name))));
    assertThat(used)
        .contains("io/opentelemetry/api/trace/Span")
        .noneMatch(name -> name.startsWith("dev/weft/shaded/"));
    assertThat(CONTENT.keySet())
        .filteredOn(name -> name.startsWith("META-INF/services/"))
        .containsExactlyInAnyOrder(
            "META-INF/services/io.opentelemetry.javaagent.extension.ignore.IgnoredTypesConfigurer")
        .allSatisfy(
            name ->
                assertThat(CONTENT)
                    .containsKey(
                        new String(CONTENT.get(name), java.nio.charset.StandardCharsets.UTF_8)
                                .trim()
                                .replace('.', '/')
                            + ".class"));
  }

  @Test
  void bootstrapClassesNeedNothingButTheJdk() {
    Set<String> foreign = new HashSet<>();
    CONTENT.forEach(
        (name, file) -> {
          if (name.startsWith("mesh/bootstrap/") && isClass(name)) {
            for (String used : namesIn(file)) {
              if (!used.startsWith("java/")
                  && !used.startsWith("javax/net/")
                  && !used.startsWith("dev/weft/bootstrap/")
                  && !used.startsWith("org/jspecify/annotations/")) {
                foreign.add(used + " in " + name);
              }
            }
          }
        });
    assertThat(foreign).isEmpty();
    assertThat(CONTENT)
        .containsKeys(
            "mesh/bootstrap/dev/weft/bootstrap/Hooks.class",
            "mesh/bootstrap/dev/weft/bootstrap/Hook.class");
  }

  @Test
  void manifestNamesTheEntryPoint() throws IOException {
    try (JarFile jar = new JarFile(JAR)) {
      Attributes attributes = jar.getManifest().getMainAttributes();
      for (String name : List.of("Premain-Class", "Agent-Class", "Main-Class")) {
        assertThat(attributes.getValue(name)).isEqualTo("dev.weft.agent.entry.MeshAgent");
      }
      assertThat(attributes.getValue("Can-Retransform-Classes")).isEqualTo("true");
      assertThat(attributes.getValue("Implementation-Version")).isNotBlank();
    }
  }

  @Test
  void indexHoldsWhatTheModulesSay() {
    List<InstrumentationModule> modules = new ArrayList<>();
    ServiceLoader.load(InstrumentationModule.class).forEach(modules::add);
    InstrumentationIndex index;
    try (InputStream in =
        new ByteArrayInputStream(CONTENT.get("mesh/" + InstrumentationIndex.RESOURCE))) {
      index = InstrumentationIndex.read(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    InstrumentationIndex expected = InstrumentationIndex.of(modules);
    assertThat(index.internalNames()).isEqualTo(expected.internalNames());
    assertThat(index.write().lines().sorted())
        .containsExactlyElementsOf(() -> expected.write().lines().sorted().iterator());
    System.out.printf(
        "%d modules weave %d classes%n", modules.size(), index.internalNames().size());
  }

  /** Reading the index within a class load must not make the load of its own classes read it. */
  @Test
  void theIndexIsReadByClassesThatDoNotPassItsGate() {
    Set<String> woven = new HashSet<>();
    ServiceLoader.load(InstrumentationModule.class)
        .forEach(
            module ->
                module
                    .types()
                    .forEach(
                        type ->
                            type.classNames()
                                .forEach(n -> woven.add(n.substring(n.lastIndexOf('.') + 1)))));
    assertThat(woven)
        .isNotEmpty()
        .doesNotContain(
            "Role",
            "RelocatedNames",
            "InstrumentationIndex",
            "InstrumentationIndex$Content",
            "InstrumentationIndex$Declared");
  }

  @Test
  void servicesNameClassesInTheJar() {
    CONTENT.forEach(
        (name, file) -> {
          if (name.startsWith("mesh/META-INF/services/")) {
            new String(file, java.nio.charset.StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.replaceAll("#.*", "").trim())
                .filter(line -> !line.isEmpty())
                .forEach(
                    line ->
                        assertThat(CONTENT)
                            .as(name)
                            .containsKey("mesh/" + line.replace('.', '/') + ".class"));
          }
        });
  }

  /** Internal names of the classes a class file refers to. */
  private static Set<String> namesIn(byte[] file) {
    Set<String> names = new HashSet<>();
    ClassReader reader = new ClassReader(file);
    char[] buffer = new char[reader.getMaxStringLength()];
    for (int i = 1; i < reader.getItemCount(); i++) {
      int at = reader.getItem(i);
      if (at > 0 && file[at - 1] == CONSTANT_CLASS) {
        Type type = Type.getObjectType(reader.readUTF8(at, buffer));
        Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        if (element.getSort() == Type.OBJECT) {
          names.add(element.getInternalName());
        }
      }
    }
    return names;
  }
}
