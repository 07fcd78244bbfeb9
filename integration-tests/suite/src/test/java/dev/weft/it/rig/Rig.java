package dev.weft.it.rig;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Where the finished jars, the containers and the JDKs are, and whether long runs are wanted. */
public final class Rig {
  private static final AtomicInteger RUNS = new AtomicInteger();

  private Rig() {}

  /** A file of {@code dist/}; fails with what to do when it was not built. */
  public static Path dist(String name) {
    Path file = Path.of(System.getProperty("weft.dist"), name);
    if (!Files.exists(file)) {
      throw new IllegalStateException(file + " is missing: run ./mvnw -DskipTests package");
    }
    return file;
  }

  /** True under {@code -Pfull}. */
  public static boolean full() {
    return Boolean.getBoolean("weft.full");
  }

  /**
   * JVM options for processes whose times do not count: the optimizing compiler would take longer
   * than they live.
   */
  static List<String> compilers() {
    return full() ? List.of() : List.of("-XX:TieredStopAtLevel=1");
  }

  /** The long value under {@code -Pfull}, else the short one. */
  public static int length(int shortRun, int fullRun) {
    return full() ? fullRun : shortRun;
  }

  /**
   * A new directory for one process's files; the first one of a run takes those of earlier runs.
   */
  public static synchronized Path newDirectory(String name) {
    try {
      Path work = Path.of(System.getProperty("weft.work"));
      if (RUNS.get() == 0) {
        delete(work);
      }
      Files.createDirectories(work);
      return Files.createTempDirectory(work, RUNS.incrementAndGet() + "-" + name + "-");
    } catch (IOException e) {
      throw new IllegalStateException("cannot make a work directory", e);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /**
   * The class path of the probe application.
   *
   * @param container a Tomcat line such as {@code 9} or {@code 10.1}, or {@code jetty-12}; one that
   *     ends with {@code -lowest} has the lowest supported version of everything
   */
  public static String probeClassPath(String container) {
    boolean jakarta = isJakarta(container);
    List<String> entries = new ArrayList<>();
    entries.add(probe(jakarta).toString());
    entries.addAll(jars(Path.of(System.getProperty("weft.tomcats"), container)));
    String clients = System.getProperty("weft.clients");
    entries.addAll(jars(Path.of(container.endsWith("-lowest") ? clients + "-lowest" : clients)));
    return String.join(File.pathSeparator, entries);
  }

  /** The class path of the probe application that brings its libraries itself. */
  static String reactiveClassPath() {
    Path target = target("probe-reactive");
    List<String> entries = new ArrayList<>(jars(target));
    entries.addAll(jars(target.resolve("lib")));
    return String.join(File.pathSeparator, entries);
  }

  /** What a container needs besides for the WebSocket of the probe application. */
  static String webSockets(String container) {
    Path target = probe(isJakarta(container)).getParent();
    String family = container.startsWith("jetty-") ? "jetty" : "tomcat";
    return String.join(File.pathSeparator, jars(target.resolve("websockets").resolve(family)));
  }

  private static boolean isJakarta(String container) {
    return container.startsWith("1") || container.equals("jetty-12");
  }

  /** The jar of the probe application, for javax or for Jakarta containers. */
  public static Path probe(boolean jakarta) {
    Path target = target(jakarta ? "probe-jakarta" : "probe-javax");
    return Path.of(
        jars(target).stream()
            .filter(jar -> !jar.endsWith("-sources.jar"))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no jar in " + target)));
  }

  private static Path target(String probe) {
    return Path.of(System.getProperty("weft.probes"), probe, "target").normalize();
  }

  /** The runnable jar of a sample application. */
  public static Path sample(String name) {
    Path samples = Path.of(System.getProperty("weft.probes"), "..", "sample-apps").normalize();
    Path jar = samples.resolve(name).resolve("target").resolve("sample-" + name + ".jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(jar + " is missing: build the module first");
    }
    return jar;
  }

  private static List<String> jars(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(Path::toString).filter(f -> f.endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(directory + " is missing: build the module first", e);
    }
  }

  /** Prints a figure that documentation may quote. */
  public static void figure(String format, Object... values) {
    System.out.println("FIGURE " + String.format(format, values));
  }
}
