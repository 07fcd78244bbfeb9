package dev.weft.agent.entry;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads the agent from {@code mesh/**} of its jar, where no other class loader finds a class: class
 * files are named {@code .classdata}. Parent is the platform loader, so that nothing of the
 * application is visible. Thread-safe.
 */
final class AgentLoader extends ClassLoader {
  private static final String FOLDER = "mesh/";
  private static final String OWN = "dev.weft.";
  private static final String BOOTSTRAP = "dev.weft.bootstrap.";

  /** A security manager allows the agent what its policy grants the jar. */
  private static final ProtectionDomain DOMAIN = AgentLoader.class.getProtectionDomain();

  static {
    registerAsParallelCapable();
  }

  /** Classes that a start loads; a map that grows to this step by step is hot code for the JIT. */
  private static final int CLASSES = 2048;

  private final ZipFile jar;

  private final ConcurrentMap<String, Object> locks =
      new ConcurrentHashMap<String, Object>(CLASSES);

  private AgentLoader(ZipFile jar) {
    super(ClassLoader.getSystemClassLoader().getParent());
    this.jar = jar;
  }

  /** A loader of the agent in {@code jar}, which stays open as long as the JVM lives. */
  static AgentLoader of(File jar) throws IOException {
    return new AgentLoader(new ZipFile(jar));
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
    ZipEntry entry = jar.getEntry(FOLDER + name.replace('.', '/') + ".classdata");
    if (entry == null) {
      throw new ClassNotFoundException(name);
    }
    try {
      byte[] bytes = read(entry);
      return defineClass(name, bytes, 0, bytes.length, DOMAIN);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  private byte[] read(ZipEntry entry) throws IOException {
    byte[] bytes = new byte[(int) entry.getSize()];
    InputStream in = jar.getInputStream(entry);
    try {
      int at = 0;
      while (at < bytes.length) {
        int n = in.read(bytes, at, bytes.length - at);
        if (n < 0) {
          throw new IOException(entry.getName() + " is cut off");
        }
        at += n;
      }
    } finally {
      in.close();
    }
    return bytes;
  }

  private @Nullable ZipEntry resource(String name) {
    return jar.getEntry(
        FOLDER
            + (name.endsWith(".class")
                ? name.substring(0, name.length() - 6) + ".classdata"
                : name));
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    ZipEntry entry = resource(name);
    if (entry == null) {
      return super.getResourceAsStream(name);
    }
    try {
      return jar.getInputStream(entry);
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    ZipEntry entry = resource(name);
    return entry == null ? null : AgentResource.url(jar, entry);
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL url = findResource(name);
    return url == null
        ? Collections.<URL>emptyEnumeration()
        : Collections.enumeration(Collections.singleton(url));
  }
}
