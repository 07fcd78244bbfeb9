package dev.weft.agent.boot;

import java.io.DataInput;
import java.io.DataInputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Defines {@code dev.weft.bootstrap} to the boot loader.
 *
 * <p>{@code Instrumentation.appendToBootstrapClassLoaderSearch} would be the official way, but it
 * makes the JVM print a warning about Class Data Sharing into the application's output. So each
 * class is defined directly, as the JDK's own loaders do it (docs/adr/0291), or through its
 * internal {@code Unsafe}, which an agent may open for itself (docs/adr/0003). Where both fail the
 * official way is taken.
 */
final class BootstrapClasses {
  /**
   * Resource that holds the classes, superclasses and interfaces first: how many, then of each its
   * name ({@link DataInput#readUTF}), the length of its class file, and that.
   */
  static final String RESOURCE = "bootstrap.classes";

  private BootstrapClasses() {}

  static void define(Instrumentation instrumentation, ClassLoader agent) throws Exception {
    Map<String, byte[]> classes = read(agent);
    try {
      if (defineByLoader(classes)) {
        return;
      }
      if (!modular()) {
        define(Class.forName("sun.misc.Unsafe"), "theUnsafe", classes);
      } else {
        exportInternals(instrumentation, agent);
        define(Class.forName("jdk.internal.misc.Unsafe"), "theUnsafe", classes);
      }
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      append(instrumentation, classes);
    }
  }

  /**
   * Defines them as the JDK's loaders do.
   *
   * @return false when the method cannot be called; nothing is defined then
   */
  private static boolean defineByLoader(Map<String, byte[]> classes)
      throws ReflectiveOperationException {
    Method define =
        AccessibleMethod.of(
            ClassLoader.class,
            "defineClass1",
            ClassLoader.class,
            String.class,
            byte[].class,
            int.class,
            int.class,
            ProtectionDomain.class,
            String.class);
    if (define == null) {
      return false;
    }
    for (Map.Entry<String, byte[]> type : classes.entrySet()) {
      byte[] bytes = type.getValue();
      define.invoke(null, null, type.getKey(), bytes, 0, bytes.length, null, null);
    }
    return true;
  }

  private static boolean modular() {
    try {
      Class.class.getMethod("getModule");
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static void define(Class<?> unsafeType, String field, Map<String, byte[]> classes)
      throws ReflectiveOperationException {
    Object unsafe;
    if (unsafeType.getName().startsWith("sun.")) {
      java.lang.reflect.Field instance = unsafeType.getDeclaredField(field);
      instance.setAccessible(true);
      unsafe = instance.get(null);
    } else {
      unsafe = unsafeType.getMethod("getUnsafe").invoke(null);
    }
    Method define =
        unsafeType.getMethod(
            "defineClass",
            String.class,
            byte[].class,
            int.class,
            int.class,
            ClassLoader.class,
            ProtectionDomain.class);
    for (Map.Entry<String, byte[]> type : classes.entrySet()) {
      byte[] bytes = type.getValue();
      define.invoke(unsafe, type.getKey().replace('.', '/'), bytes, 0, bytes.length, null, null);
    }
  }

  /** Exports {@code jdk.internal.misc} to the agent's class loader, and to nobody else. */
  private static void exportInternals(Instrumentation instrumentation, ClassLoader agent)
      throws ReflectiveOperationException {
    Object base = Class.class.getMethod("getModule").invoke(Object.class);
    Object reader = ClassLoader.class.getMethod("getUnnamedModule").invoke(agent);
    Map<String, Set<Object>> exports =
        Collections.singletonMap("jdk.internal.misc", Collections.singleton(reader));
    Instrumentation.class
        .getMethod(
            "redefineModule",
            Class.forName("java.lang.Module"),
            Set.class,
            Map.class,
            Map.class,
            Set.class,
            Map.class)
        .invoke(
            instrumentation,
            base,
            Collections.emptySet(),
            exports,
            Collections.emptyMap(),
            Collections.emptySet(),
            Collections.emptyMap());
  }

  private static void append(Instrumentation instrumentation, Map<String, byte[]> classes)
      throws IOException {
    File jar = File.createTempFile("mesh-bootstrap", ".jar");
    jar.deleteOnExit();
    try (ZipOutputStream out = new ZipOutputStream(new FileOutputStream(jar))) {
      for (Map.Entry<String, byte[]> type : classes.entrySet()) {
        out.putNextEntry(new ZipEntry(type.getKey().replace('.', '/') + ".class"));
        out.write(type.getValue());
      }
    }
    instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(jar));
  }

  private static Map<String, byte[]> read(ClassLoader agent) throws IOException {
    InputStream found = agent.getResourceAsStream(RESOURCE);
    if (found == null) {
      throw new IOException("the agent jar has no " + RESOURCE);
    }
    try (DataInputStream in = new DataInputStream(found)) {
      Map<String, byte[]> classes = new LinkedHashMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        byte[] file = new byte[in.readInt()];
        in.readFully(file);
        classes.put(name, file);
      }
      return classes;
    }
  }
}
