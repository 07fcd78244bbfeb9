package shop.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The child processes of the demo; all of them end when it is closed. */
final class Processes implements AutoCloseable {
  private final Path logs;
  private final List<Process> running = Collections.synchronizedList(new ArrayList<>());

  Processes(Path logs) {
    this.logs = logs;
  }

  /** A started process and the file it writes to. */
  record Started(String name, Process process, Path log) {
    String output() {
      try {
        return Files.readString(log);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Waits for a line that matches and returns its first group. */
    String await(String regex) throws InterruptedException {
      Pattern pattern = Pattern.compile(regex);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
      while (System.nanoTime() < end) {
        Matcher matcher = pattern.matcher(output());
        if (matcher.find()) {
          return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
        }
        if (!process.isAlive()) {
          throw new IllegalStateException(
              name + " ended with " + process.exitValue() + "; see " + log + "\n" + output());
        }
        Thread.sleep(50);
      }
      throw new IllegalStateException(name + " did not start within 90 s; see " + log);
    }
  }

  Started start(String name, List<String> command, Map<String, String> environment) {
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    return launch(name, builder, log, environment);
  }

  private Started launch(
      String name, ProcessBuilder builder, Path log, Map<String, String> environment) {
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      running.add(process);
      return new Started(name, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  /** Runs a command to its end and returns what it printed; fails when it failed. */
  String run(String name, List<String> command) throws InterruptedException {
    Path log = logs.resolve(name + ".log");
    Path errors = logs.resolve(name + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(log.toFile()).redirectError(errors.toFile());
    Started started = launch(name, builder, log, Map.of());
    int code = started.process().waitFor();
    running.remove(started.process());
    if (code != 0) {
      throw new IllegalStateException(
          String.join(" ", command)
              + " ended with "
              + code
              + ":\n"
              + started.output()
              + new Started(name, started.process(), errors).output());
    }
    return started.output();
  }

  @Override
  public void close() {
    List<Process> all = List.copyOf(running);
    all.forEach(p -> p.descendants().forEach(ProcessHandle::destroy));
    all.forEach(Process::destroy);
    for (Process process : all) {
      try {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
