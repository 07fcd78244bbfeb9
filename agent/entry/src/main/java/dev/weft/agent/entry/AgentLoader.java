package dev.weft.agent.entry;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent from the bundle in its jar, where no other class loader finds a class. Parent is
 * the platform loader, so that nothing of the application is visible. Thread-safe.
 *
 * <p>No lock is held while a class is loaded. Another agent may look at our classes, too, and load
 * its own for that; a thread that loads one of those asks our transformer, which may need the class
 * that the first thread is loading (docs/adr/0293).
 */
final class AgentLoader extends ClassLoader {
  private static final String OWN = "dev.weft.";
  private static final String BOOTSTRAP = "dev.weft.bootstrap.";

  /** A security manager allows the agent what its policy grants the jar. */
  private static final ProtectionDomain DOMAIN = AgentLoader.class.getProtectionDomain();

  static {
    registerAsParallelCapable();
  }

  private final AgentBundle bundle;

  /** As getParent() says, which a security manager may keep from the application's code. */
  private final ClassLoader parent;

  private AgentLoader(AgentBundle bundle, ClassLoader parent) {
    super(parent);
    this.bundle = bundle;
    this.parent = parent;
  }

  /** A loader of the agent in {@code jar}, which stays open as long as the JVM lives. */
  static AgentLoader of(File jar) throws IOException {
    return new AgentLoader(AgentBundle.of(jar), ClassLoader.getSystemClassLoader().getParent());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN) || name.startsWith(BOOTSTRAP)) {
      return parent.loadClass(name);
    }
    // Ours are nowhere else: asking the parents first would only cost time.
    Class<?> loaded = findLoadedClass(name);
    return loaded != null ? loaded : findClass(name);
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes;
    try {
      bytes = bundle.read(name.replace('.', '/') + ".class");
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    try {
      return defineClass(name, bytes, 0, bytes.length, DOMAIN);
    } catch (LinkageError e) {
      Class<?> first = findLoadedClass(name);
      if (first == null) {
        throw e;
      }
      return first; // another thread's, or this one's from within
    }
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    byte[] file = file(name);
    return file == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(file);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    byte[] file = file(name);
    return file == null ? null : AgentResource.url(name, file);
  }

  /** A resource that cannot be read is one that is not there, as for the JDK's class loaders. */
  private byte @Nullable [] file(String name) {
    try {
      return bundle.read(name);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return url == null
        ? Collections.<URL>emptyEnumeration()
        : Collections.enumeration(Collections.singleton(url));
  }
}
