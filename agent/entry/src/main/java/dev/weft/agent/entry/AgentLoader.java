package dev.weft.agent.entry;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent from the bundle in its jar, where no other class loader finds a class. Parent is
 * the platform loader, so that nothing of the application is visible. Thread-safe.
 */
final class AgentLoader extends ClassLoader {
  private static final String OWN = "dev.weft.";
  private static final String BOOTSTRAP = "dev.weft.bootstrap.";

  /** A security manager allows the agent what its policy grants the jar. */
  private static final ProtectionDomain DOMAIN = AgentLoader.class.getProtectionDomain();

  static {
    registerAsParallelCapable();
  }

  /** Classes that a start loads; a map that grows to this step by step is hot code for the JIT. */
  private static final int CLASSES = 2048;

  private final AgentBundle bundle;

  private final ConcurrentMap<String, Object> locks =
      new ConcurrentHashMap<String, Object>(CLASSES);

  private AgentLoader(AgentBundle bundle) {
    super(ClassLoader.getSystemClassLoader().getParent());
    this.bundle = bundle;
  }

  /** A loader of the agent in {@code jar}, which stays open as long as the JVM lives. */
  static AgentLoader of(File jar) throws IOException {
    return new AgentLoader(AgentBundle.of(jar));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OWN) || name.startsWith(BOOTSTRAP)) {
      return super.loadClass(name, resolve);
    }
    // Ours are nowhere else: asking the parents first would only cost time.
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }

  @Override
  protected Object getClassLoadingLock(String name) {
    Object lock = new Object();
    Object earlier = locks.putIfAbsent(name, lock);
    return earlier == null ? lock : earlier;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    try {
      byte[] bytes = bundle.read(name.replace('.', '/') + ".class");
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length, DOMAIN);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
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
