package dev.weft.agent.weave;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
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
    // ByteBuddy by its own name only before relocation, in tests: its annotations are on the
    // advice.
    boolean agents = name.startsWith("dev.weft.") || name.startsWith("net.bytebuddy.");
    ClassLoader from = agents ? ClassBytes.class.getClassLoader() : library;
    byte[] found = read(from, name.replace('.', '/') + ".class");
    return found == null ? new Resolution.Illegal(name) : new Resolution.Explicit(found);
  }

  @Override
  public void close() {}

  /** A resource of a class loader (null: the boot loader), null when there is none. */
  static byte @Nullable [] read(@Nullable ClassLoader loader, String resource) throws IOException {
    try (InputStream in =
        loader == null
            ? ClassLoader.getSystemResourceAsStream(resource)
            : loader.getResourceAsStream(resource)) {
      if (in == null) {
        return null;
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream(8192);
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
      return all.toByteArray();
    }
  }
}
