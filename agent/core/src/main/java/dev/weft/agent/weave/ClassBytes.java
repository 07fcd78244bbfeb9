package dev.weft.agent.weave;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Arrays;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import net.bytebuddy.dynamic.ClassFileLocator;
import org.jspecify.annotations.Nullable;

/**
 * Class files as one weave sees them: the class being woven, the agent's advice, and the library
 * around it. Reads resources only, never loads a class. For one thread.
 */
final class ClassBytes implements ClassFileLocator {
  private final @Nullable ClassLoader library;
  private final String className;
  private final byte[] bytes;

  ClassBytes(@Nullable ClassLoader library, String className, byte[] bytes) {
    this.library = library;
    this.className = className;
    this.bytes = bytes;
  }

  @Override
  public Resolution locate(String name) throws IOException {
    if (name.equals(className)) {
      return new Resolution.Explicit(bytes);
    }
    ClassLoader from = isAgents(name) ? ClassBytes.class.getClassLoader() : library;
    byte[] found = read(from, name.replace('.', '/') + ".class");
    return found == null ? new Resolution.Illegal(name) : new Resolution.Explicit(found);
  }

  /**
   * Whether a class is the agent's: advice and what it is annotated with. ByteBuddy has its own
   * name only before relocation, in tests.
   */
  static boolean isAgents(String name) {
    return name.startsWith("dev.weft.") || name.startsWith("net.bytebuddy.");
  }

  @Override
  public void close() {}

  /**
   * Main attributes of the manifest in the jar that a class is in; empty when there is none, or
   * none that can be read: what a class loader's own URLs say of a file that is missing differs,
   * and a version that stays unknown leaves it to the library's shape.
   *
   * @param resource where a jar has its manifest
   */
  static Attributes manifest(@Nullable ClassLoader loader, String className, String resource) {
    String file = className.replace('.', '/') + ".class";
    URL at = loader == null ? null : loader.getResource(file);
    if (at == null || !at.toExternalForm().endsWith(file)) {
      return new Attributes();
    }
    String root = at.toExternalForm().substring(0, at.toExternalForm().length() - file.length());
    try {
      // With the handler of the class loader: a jar within a jar is nothing to the JDK.
      URLConnection connection = new URL(at, root + resource).openConnection();
      connection.setUseCaches(false);
      try (InputStream in = connection.getInputStream()) {
        return in == null ? new Attributes() : new Manifest(in).getMainAttributes();
      }
    } catch (IOException e) {
      return new Attributes();
    }
  }

  /** A resource of a class loader (null: the boot loader), null when there is none. */
  static byte @Nullable [] read(@Nullable ClassLoader loader, String resource) throws IOException {
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      // A jar's stream knows its whole length.
      byte[] all = new byte[Math.max(in.available() + 1, 1024)];
      int length = 0;
      for (int n = in.read(all); n >= 0; n = in.read(all, length, all.length - length)) {
        length += n;
        if (length == all.length) {
          all = Arrays.copyOf(all, 2 * length);
        }
      }
      return Arrays.copyOf(all, length);
    }
  }
}
