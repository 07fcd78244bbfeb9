package dev.weft.agent.dist;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A JVM with the finished agent jar, and what it printed. */
final class ForkedJvm {
  static final String AGENT = System.getProperty("weft.agent.jar");

  private ForkedJvm() {}

  /** Homes of the JDKs to try: this one, and those of {@code WEFT_TEST_JDKS} or beside it. */
  static List<String> homes() throws IOException {
    Set<String> homes = new LinkedHashSet<>();
    homes.add(System.getProperty("java.home"));
    String listed = System.getProperty("WEFT_TEST_JDKS", System.getenv("WEFT_TEST_JDKS"));
    if (listed != null) {
      homes.addAll(List.of(listed.split(File.pathSeparator)));
    } else {
      Path parent = Path.of(System.getProperty("java.home")).toRealPath().getParent();
      try (var siblings = Files.list(parent)) {
        siblings
            .filter(home -> !Files.isSymbolicLink(home) && Files.exists(home.resolve("bin/java")))
            .filter(home -> feature(home) > Runtime.version().feature())
            .forEach(home -> homes.add(home.toString()));
      }
    }
    return List.copyOf(homes);
  }

  private static int feature(Path home) {
    try {
      for (String line : Files.readAllLines(home.resolve("release"))) {
        if (line.startsWith("JAVA_VERSION=")) {
          return Runtime.Version.parse(line.split("\"")[1]).feature();
        }
      }
    } catch (IOException | RuntimeException e) {
      return 0;
    }
    return 0;
  }

  static ProcessBuilder command(
      String home, List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(home + "/bin/java");
    command.addAll(options);
    command.add("-cp");
    command.add(main.getProtectionDomain().getCodeSource().getLocation().getPath());
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("MESH_") || name.equals("JAVA_TOOL_OPTIONS"));
    return builder;
  }

  static Output run(ProcessBuilder builder) throws IOException, InterruptedException {
    Path out = Files.createTempFile("out", ".txt");
    Path err = Files.createTempFile("err", ".txt");
    try {
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("hangs: " + builder.command());
      }
      return new Output(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  record Output(int exit, String out, String err) {}
}
