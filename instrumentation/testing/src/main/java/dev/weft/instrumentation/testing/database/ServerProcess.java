package dev.weft.instrumentation.testing.database;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs database servers, of which some refuse to run as root. */
public final class ServerProcess {
  /** Whether the tests run as root. */
  public static final boolean ROOT = "root".equals(System.getProperty("user.name"));

  // Below what systems hand out to whoever asks for any port, so that nobody takes it meanwhile.
  private static final int FIRST_PORT = 15_000;
  private static final int LAST_PORT = 30_000;

  private ServerProcess() {}

  /** Whether a server that refuses to run as root can be run here. */
  public static boolean possible() {
    return System.getProperty("os.name").equals("Linux")
        && (!ROOT || Files.isExecutable(Path.of("/usr/sbin/runuser")));
  }

  /** The command, run as {@code nobody} where we are root. */
  static List<String> lowered(String... command) {
    List<String> all = new ArrayList<>();
    if (ROOT) {
      all.addAll(List.of("/usr/sbin/runuser", "-u", "nobody", "--"));
    }
    all.addAll(Arrays.asList(command));
    return all;
  }

  /** A folder that servers may write. */
  public static Path folder(String name) throws IOException {
    Path folder = Files.createTempDirectory(name);
    own(folder);
    return folder;
  }

  /** Gives a file to the user that {@link #lowered} servers run as. */
  static void own(Path file) throws IOException {
    if (ROOT) {
      Files.setOwner(
          file,
          file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }
  }

  /** Starts a command; what it says is added to a file. */
  static Process start(Path log, List<String> command) throws IOException {
    return builder(log, command).start();
  }

  private static ProcessBuilder builder(Path log, List<String> command) {
    return new ProcessBuilder(command)
        .directory(new File("/tmp"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

  /**
   * Runs a command to its end.
   *
   * @param log what it says is added to it
   * @param input what it reads, if anything
   * @throws IOException when it fails or takes longer than a minute
   */
  public static void run(Path log, @Nullable Path input, List<String> command) throws Exception {
    ProcessBuilder builder = builder(log, command);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + " failed: " + Files.readString(log));
    }
  }

  /** A port that was free, and that no system gives to whoever asks for any. */
  static int freePort() throws IOException {
    for (int tries = 0; tries < 1_000; tries++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, LAST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // Another one, then.
      }
    }
    throw new IOException("no free port");
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
      }
    }
  }
}
