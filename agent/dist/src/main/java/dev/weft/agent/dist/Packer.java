package dev.weft.agent.dist;

import dev.weft.agent.AgentVersion;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.weave.InstrumentationIndex;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Turns the shaded jar into {@code mesh-agent.jar}: entry points on top, all else in one entry
 * where only the agent's class loader finds it (ADR 0231), and the index of woven classes. Same
 * input, same bytes.
 *
 * <p>Arguments: shaded jar, agent jar, version, build time, jar of the OpenTelemetry extension. The
 * shaded jar is also on the class path, for the index.
 */
public final class Packer {
  private static final String ENTRY = "dev/weft/agent/entry/";
  private static final String BOOTSTRAP = "dev/weft/bootstrap/";
  private static final String EXTENSION = "dev/weft/agent/opentelemetry/";
  private static final String EXTENSION_SERVICES = "META-INF/services/io.opentelemetry.javaagent.";
  private static final String THIS = "dev/weft/agent/dist/";
  private static final String SHADED = "dev/weft/shaded/";
  private static final String BYTE_BUDDY = SHADED + LateProxies.HOME;

  /** What every start reads. */
  private static final List<String> AT_START =
      List.of(
          "bootstrap.classes",
          InstrumentationIndex.GATE_RESOURCE,
          InstrumentationIndex.RESOURCE,
          AgentVersion.BUILD_RESOURCE,
          "dev/weft/agent/",
          "dev/weft/dataplane/",
          "dev/weft/instrumentation/",
          "dev/weft/policy/",
          SHADED + "com/fasterxml/jackson/",
          BYTE_BUDDY + "asm/Advice",
          BYTE_BUDDY + "description/",
          BYTE_BUDDY + "implementation/bytecode/",
          BYTE_BUDDY + "jar/asm/",
          BYTE_BUDDY + "matcher/",
          BYTE_BUDDY + "pool/",
          BYTE_BUDDY + "utility/");

  /** Entries of the jar. */
  private final SortedMap<String, byte[]> content = new TreeMap<>();

  private final SortedMap<String, byte[]> bundle = new TreeMap<>();
  private final SortedMap<String, byte[]> bootstrap = new TreeMap<>();

  private Packer() {}

  /** Packs. */
  public static void main(String[] arguments) throws IOException {
    Path out = Path.of(arguments[1]);
    Packer packer = new Packer();
    packer.extension(Path.of(arguments[4]));
    packer.pack(Path.of(arguments[0]), out, arguments[2], Instant.parse(arguments[3]));
    System.out.println(out + ": " + Files.size(out) / 1024 + " KiB");
  }

  private void pack(Path shaded, Path out, String version, Instant time) throws IOException {
    SortedMap<String, byte[]> own = new TreeMap<>();
    SortedMap<String, byte[]> weaver = new TreeMap<>();
    try (ZipFile jar = new ZipFile(shaded.toFile())) {
      jar.stream()
          .filter(e -> !e.isDirectory())
          .forEach(
              e -> {
                if (isOwn(e.getName())) {
                  own.put(e.getName(), read(jar, e));
                } else if (isWeaver(e.getName())) {
                  weaver.put(e.getName(), read(jar, e));
                } else {
                  sort(e.getName(), read(jar, e));
                }
              });
    }
    LambdaClasses.of(own).forEach(this::sort);
    LateProxies.of(SHADED, weaver).forEach(this::sort);
    bundle.put("bootstrap.classes", bootstrapClasses());
    InstrumentationIndex index = index();
    bundle.put(InstrumentationIndex.RESOURCE, bytes(index.write()));
    bundle.put(InstrumentationIndex.GATE_RESOURCE, index.writeGate());
    bundle.put(AgentVersion.RESOURCE, bytes(version));
    bundle.put(AgentVersion.BUILD_RESOURCE, bytes(build(bundle)));
    content.put(BundleFile.ENTRY, BundleFile.write(bundle, Packer::atStart));
    content.put("META-INF/MANIFEST.MF", bytes(manifest(version)));
    write(out, time);
  }

  /** Whether it is a class of ours that the agent's loader or a loader of hooks loads. */
  private static boolean isOwn(String name) {
    return name.startsWith("dev/weft/")
        && name.endsWith(".class")
        && !name.startsWith(SHADED)
        && !name.startsWith(ENTRY)
        && !name.startsWith(BOOTSTRAP)
        && !name.startsWith(THIS);
  }

  /** Whether it is a class of ByteBuddy, below the name it has in the agent. */
  private static boolean isWeaver(String name) {
    return name.startsWith(SHADED + LateProxies.HOME) && name.endsWith(".class");
  }

  /**
   * The extension stays on top, where the OpenTelemetry agent looks, and as it was compiled: that
   * agent renames the classes it names when it loads it.
   */
  private void extension(Path file) throws IOException {
    try (ZipFile jar = new ZipFile(file.toFile())) {
      jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith(EXTENSION) || name.startsWith(EXTENSION_SERVICES))
          .filter(name -> !name.endsWith("/") && !name.endsWith("package-info.class"))
          .forEach(
              name -> {
                byte[] found = read(jar, jar.getEntry(name));
                content.put(name, name.endsWith(".class") ? Slimmer.slim(name, found) : found);
              });
    }
  }

  private void sort(String name, byte[] original) {
    if (name.startsWith(THIS) || name.endsWith("module-info.class")) {
      return;
    }
    byte[] file = name.endsWith(".class") ? Slimmer.slim(name, original) : original;
    if (name.startsWith(ENTRY)) {
      content.put(name, file);
    } else if (name.startsWith(BOOTSTRAP)) {
      if (!name.endsWith("package-info.class")) {
        bootstrap.put(name, file);
      }
    } else if (name.startsWith("META-INF/services/")) {
      bundle.put(name, file);
    } else if (name.startsWith("META-INF/")) {
      if (name.startsWith("META-INF/LICENSE") || name.startsWith("META-INF/NOTICE")) {
        content.put(name, file);
      }
    } else if (!name.endsWith("package-info.class")) {
      bundle.put(name, file);
    }
  }

  /** As the start of the agent reads them ({@code BootstrapClasses}). */
  private byte[] bootstrapClasses() throws IOException {
    List<String> order = definitionOrder();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(all);
    out.writeInt(order.size());
    for (String name : order) {
      byte[] file = Objects.requireNonNull(bootstrap.get(name.replace('.', '/') + ".class"));
      out.writeUTF(name);
      out.writeInt(file.length);
      out.write(file);
    }
    return all.toByteArray();
  }

  /** Bootstrap classes such that each comes after its superclass and interfaces. */
  private List<String> definitionOrder() {
    List<String> order = new ArrayList<>();
    bootstrap.keySet().forEach(name -> require(name, order));
    return order;
  }

  private void require(String resource, List<String> order) {
    String name = resource.substring(0, resource.length() - ".class".length()).replace('/', '.');
    if (order.contains(name)) {
      return;
    }
    try {
      Class<?> type = Class.forName(name, false, Packer.class.getClassLoader());
      List<Class<?>> parents = new ArrayList<>(List.of(type.getInterfaces()));
      if (type.getSuperclass() != null) {
        parents.add(type.getSuperclass());
      }
      for (Class<?> parent : parents) {
        String file = parent.getName().replace('.', '/') + ".class";
        if (bootstrap.containsKey(file)) {
          require(file, order);
        }
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    order.add(name);
  }

  /** A name that no other content has. */
  private static String build(SortedMap<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (name, file) -> {
            digest.update(bytes(name + '\n' + file.length + '\n'));
            digest.update(file);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InstrumentationIndex index() {
    List<InstrumentationModule> modules = new ArrayList<>();
    ServiceLoader.load(InstrumentationModule.class).forEach(modules::add);
    modules.sort(Comparator.comparing(InstrumentationModule::name));
    return InstrumentationIndex.of(modules);
  }

  private static String manifest(String version) {
    Map<String, String> attributes = new TreeMap<>();
    attributes.put("Premain-Class", "dev.weft.agent.entry.MeshAgent");
    attributes.put("Agent-Class", "dev.weft.agent.entry.MeshAgent");
    attributes.put("Main-Class", "dev.weft.agent.entry.MeshAgent");
    attributes.put("Can-Retransform-Classes", "true");
    attributes.put("Can-Redefine-Classes", "true");
    attributes.put("Implementation-Title", "Weft mesh agent");
    attributes.put("Implementation-Version", version);
    StringBuilder text = new StringBuilder("Manifest-Version: 1.0\r\n");
    attributes.forEach((k, v) -> text.append(k).append(": ").append(v).append("\r\n"));
    return text.append("\r\n").toString();
  }

  private void write(Path out, Instant time) throws IOException {
    Files.createDirectories(out.toAbsolutePath().getParent());
    Path unfinished = out.resolveSibling(out.getFileName() + ".part");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(unfinished))) {
      // The manifest first, as java.util.jar.JarInputStream wants it.
      put(zip, "META-INF/MANIFEST.MF", content.remove("META-INF/MANIFEST.MF"), time);
      for (Map.Entry<String, byte[]> file : content.entrySet()) {
        put(zip, file.getKey(), file.getValue(), time);
      }
    }
    Files.move(unfinished, out, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void put(ZipOutputStream zip, String name, byte[] file, Instant time)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(time.atOffset(ZoneOffset.UTC).toLocalDateTime());
    if (name.equals(BundleFile.ENTRY) || name.startsWith(ENTRY)) {
      // Read as they are: the bundle from its middle, the others at every start.
      CRC32 crc = new CRC32();
      crc.update(file);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(file.length);
      entry.setCrc(crc.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(file);
    zip.closeEntry();
  }

  private static boolean atStart(String name) {
    for (String prefix : AT_START) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] read(ZipFile jar, ZipEntry entry) {
    try (InputStream in = jar.getInputStream(entry)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
