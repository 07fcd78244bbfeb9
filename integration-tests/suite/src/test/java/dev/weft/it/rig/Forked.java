package dev.weft.it.rig;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** A child process with its output in a file; ended with the test that started it. */
public final class Forked implements AutoCloseable {
  private final String name;
  private final Process process;
  private final Path output;

  private Forked(String name, Process process, Path output) {
    this.name = name;
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a command; both output streams go to {@code output.txt} in {@code directory}, and so do
   * the temporary files of a JVM.
   */
  public static Forked start(
      String name, Path directory, List<String> command, Map<String, String> environment) {
    Path output = directory.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(withTemporaryFilesIn(directory, command))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    builder.environment().keySet().removeIf(k -> k.startsWith("MESH_") || k.startsWith("OTEL_"));
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      Forked forked = new Forked(name, process, output);
      Runtime.getRuntime().addShutdownHook(new Thread(forked::close));
      return forked;
    } catch (IOException e) {
      throw new IllegalStateException("cannot start " + name + ": " + command, e);
    }
  }

  private static List<String> withTemporaryFilesIn(Path directory, List<String> command) {
    if (!Path.of(command.get(0)).endsWith("java")) {
      return command;
    }
    Path temporary = directory.resolve("tmp");
    try {
      Files.createDirectories(temporary);
    } catch (IOException e) {
      throw new IllegalStateException("cannot make " + temporary, e);
    }
    List<String> all = new ArrayList<>(command);
    all.add(1, "-Djava.io.tmpdir=" + temporary);
    return all;
  }

  /** Waits for a line that matches, and returns its first group. */
  public String await(String regex, Duration limit) {
    Pattern pattern = Pattern.compile(regex);
    String[] found = new String[1];
    try {
      Awaitility.await(name + " to print " + regex)
          .atMost(limit)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                Matcher matcher = pattern.matcher(output());
                if (matcher.find()) {
                  found[0] = matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
                  return true;
                }
                if (!process.isAlive()) {
                  throw new IllegalStateException(name + " ended with " + process.exitValue());
                }
                return false;
              });
    } catch (RuntimeException e) {
      throw new IllegalStateException(name + " did not print " + regex + ":\n" + output(), e);
    }
    return found[0];
  }

  /** All that it printed so far. */
  public String output() {
    try {
      return Files.exists(output) ? Files.readString(output, StandardCharsets.UTF_8) : "";
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + output, e);
    }
  }

  /** The operating system's number of it. */
  public long pid() {
    return process.pid();
  }

  /** The processor time it has used; zero when it has ended, or nobody tells. */
  public Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** True until it ended. */
  public boolean alive() {
    return process.isAlive();
  }

  /** Waits for its end and returns its exit code. */
  public int exitCode(Duration limit) {
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(name + " did not end within " + limit + ":\n" + output());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() {
    close();
    exitCode(Duration.ofSeconds(10));
  }

  /** Asks it to end, as {@code kill} does, and waits. */
  public void stop() {
    stop(Duration.ofSeconds(15));
  }

  /** The same, for one that takes its time. */
  public void stop(Duration limit) {
    process.destroy();
    exitCode(limit);
  }

  @Override
  public void close() {
    // A script that starts a JVM does not take it along.
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
