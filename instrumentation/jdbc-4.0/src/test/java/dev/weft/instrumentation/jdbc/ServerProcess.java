package dev.weft.instrumentation.jdbc;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs database servers, which refuse to run as root: then as {@code nobody}. */
final class ServerProcess {
  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  private ServerProcess() {}

  /** Whether servers can be run here at all. */
  static boolean possible() {
    return System.getProperty("os.name").equals("Linux")
        && (!ROOT || Files.isExecutable(Path.of("/usr/sbin/runuser")));
  }

  /** A folder that servers may write. */
  static Path folder(String name) throws Exception {
    Path folder = Files.createTempDirectory(name);
    if (ROOT) {
      run(List.of("chown", "nobody", folder.toString()));
    }
    return folder;
  }

  /** Starts a command as a user that servers accept; its output goes to a file. */
  static Process start(Path log, List<String> command) throws IOException {
    List<String> all = new ArrayList<>();
    if (ROOT) {
      all.addAll(List.of("/usr/sbin/runuser", "-u", "nobody", "--"));
    }
    all.addAll(command);
    return new ProcessBuilder(all)
        .directory(new File("/tmp"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  /** Runs a command to its end. */
  static void run(List<String> command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(command + " failed: " + said);
    }
  }

  /** Runs a command as the servers' user, to its end. */
  static void runAsServer(Path log, List<String> command) throws Exception {
    Process process = start(log, command);
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + " failed: " + Files.readString(log));
    }
  }

  /** A port that was free. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** {@code kill -9} of a server and all its processes. */
  static void kill(Process process) throws InterruptedException {
    List<ProcessHandle> below = process.descendants().toList();
    below.forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
    for (ProcessHandle one : below) {
      try {
        one.onExit().get(10, TimeUnit.SECONDS);
      } catch (Exception gone) {
        // A process that somebody else reaps is gone all the same.
        continue;
      }
    }
  }

  /** Unpacks an archive from the class path. */
  static void unpack(InputStream archive, Path folder) throws Exception {
    Path file = folder.resolve("archive.txz");
    Files.copy(archive, file);
    run(List.of("tar", "-xJf", file.toString(), "-C", folder.toString()));
    Files.delete(file);
    run(List.of("chmod", "-R", "a+rX", folder.toString()));
  }

  /** Removes a folder. */
  static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // Left to the machine's own cleaning.
      return;
    }
  }
}
