package dev.weft.agent.hook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Loads the hooks for one class loader of a library: {@code dev.weft.instrumentation.*} itself,
 * other {@code dev.weft.*} from the agent, everything else from the library. Lives as long as the
 * library's loader. Thread-safe; no lock is held while a class is loaded (docs/adr/0293).
 */
final class HookLoader extends ClassLoader {
  private static final String OWN = "dev.weft.instrumentation.";
  private static final String AGENT = "dev.weft.";
  private static final String BOOTSTRAP = "dev.weft.bootstrap.";

  /** The agent's, so that a security manager allows hooks what it allows the agent. */
  private static final ProtectionDomain DOMAIN = HookLoader.class.getProtectionDomain();

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader agent;

  /** As getParent() says, which a security manager may keep from the application's code. */
  private final ClassLoader parent;

  /**
   * A loader of hooks.
   *
   * @param library loader of the library, null for the boot loader
   * @param agent loader that has the class files of hooks and the agent's classes
   */
  static HookLoader of(@Nullable ClassLoader library, ClassLoader agent) {
    // What the boot loader's libraries do not see, hooks may still need: java.net.http, java.sql.
    return new HookLoader(
        library == null ? ClassLoader.getSystemClassLoader().getParent() : library, agent);
  }

  private HookLoader(ClassLoader parent, ClassLoader agent) {
    super(parent);
    this.parent = parent;
    this.agent = agent;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(AGENT) || name.startsWith(BOOTSTRAP)) {
      return parent.loadClass(name);
    }
    if (!name.startsWith(OWN)) {
      return agent.loadClass(name);
    }
    Class<?> loaded = findLoadedClass(name);
    return loaded != null ? loaded : define(name);
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = agent.getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream(4096);
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        all.write(buffer, 0, n);
      }
      byte[] bytes = all.toByteArray();
      return defineClass(name, bytes, 0, bytes.length, DOMAIN);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    } catch (LinkageError e) {
      Class<?> first = findLoadedClass(name);
      if (first == null) {
        throw e;
      }
      return first; // another thread's, or this one's from within
    }
  }
}
