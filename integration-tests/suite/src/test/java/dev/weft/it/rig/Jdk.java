package dev.weft.it.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;

/** A JDK to run applications on. */
public record Jdk(Path home, int feature) {

  /** The JDK that runs the tests. */
  public static Jdk current() {
    return new Jdk(Path.of(System.getProperty("java.home")), Runtime.version().feature());
  }

  /**
   * The current JDK and, where one is found, the newest other one: in {@code WEFT_TEST_JDKS} (a
   * path list of homes), else beside the current one.
   */
  public static List<Jdk> all() {
    List<Jdk> found = new ArrayList<>();
    found.add(current());
    candidates().stream()
        .filter(jdk -> jdk.feature() != current().feature())
        .max(java.util.Comparator.comparingInt(Jdk::feature))
        .ifPresentOrElse(
            found::add,
            () -> System.out.println("SKIPPED second JDK: none found (set WEFT_TEST_JDKS)"));
    return found;
  }

  private static List<Jdk> candidates() {
    String listed = System.getenv("WEFT_TEST_JDKS");
    List<Jdk> jdks = new ArrayList<>();
    if (listed != null) {
      for (String home : listed.split(java.io.File.pathSeparator)) {
        add(jdks, Path.of(home));
      }
      return jdks;
    }
    Path parent = current().home().toAbsolutePath().getParent();
    try (Stream<Path> siblings = Files.list(parent)) {
      siblings.forEach(home -> add(jdks, home));
    } catch (IOException e) {
      System.out.println("cannot look for JDKs beside " + current().home() + ": " + e);
    }
    return jdks;
  }

  private static void add(List<Jdk> jdks, Path home) {
    Path release = home.resolve("release");
    if (!Files.isExecutable(home.resolve("bin/java")) || !Files.isReadable(release)) {
      return;
    }
    Properties properties = new Properties();
    try (var in = Files.newInputStream(release)) {
      properties.load(in);
    } catch (IOException e) {
      return;
    }
    String version = properties.getProperty("JAVA_VERSION", "").replace("\"", "");
    String[] parts = version.split("[.+-]");
    if (parts.length > 0 && parts[0].matches("\\d+") && Integer.parseInt(parts[0]) >= 11) {
      jdks.add(new Jdk(home, Integer.parseInt(parts[0])));
    }
  }

  /** The path of one of its tools. */
  public String tool(String name) {
    return home.resolve("bin").resolve(name).toString();
  }

  @Override
  public String toString() {
    return "JDK " + feature;
  }
}
