package dev.weft.instrumentation.jdbc;

import static org.awaitility.Awaitility.await;

import dev.weft.bootstrap.CallDepth;
import dev.weft.instrumentation.testing.database.DatabaseUnderTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A real PostgreSQL: the machine's own where it has one, else the binaries on the class path. */
@SuppressWarnings({"try", "NullAway"})
final class PostgresServer implements DatabaseUnderTest {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static Path unpacked;

  private final Path folder;
  private final Path log;
  private final Path binaries;
  private final int port;
  private Process process;

  PostgresServer() throws Exception {
    binaries = binaries();
    folder = ServerProcess.folder("weft-postgres");
    log = Files.createTempFile("weft-postgres", ".log");
    port = ServerProcess.freePort();
    ServerProcess.runAsServer(
        log,
        List.of(
            binaries + "/initdb",
            "-D",
            data(),
            "-U",
            "shop",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--no-locale"));
    restart();
  }

  /** Null when it can run here, else why not. */
  static String missing() {
    boolean bundled = PostgresServer.class.getResource("/postgres-linux-x86_64.txz") != null;
    return ServerProcess.possible() && (bundled || installed().isPresent())
        ? null
        : "no PostgreSQL can be run here";
  }

  private static Optional<Path> installed() {
    if (!Files.isDirectory(INSTALLED)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(INSTALLED)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static synchronized Path binaries() throws Exception {
    Optional<Path> own = installed();
    if (own.isPresent()) {
      return own.get();
    }
    if (unpacked == null) {
      Path folder = Files.createTempDirectory("weft-postgres-binaries");
      try (InputStream archive =
          PostgresServer.class.getResourceAsStream("/postgres-linux-x86_64.txz")) {
        ServerProcess.unpack(archive, folder);
      }
      unpacked = folder.resolve("bin");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerProcess.remove(folder)));
    }
    return unpacked;
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String url(String host, int at) {
    return "jdbc:postgresql://" + host + ":" + at + "/postgres";
  }

  @Override
  public String user() {
    return "shop";
  }

  @Override
  public String password() {
    return "";
  }

  @Override
  public String slowQuery() {
    return "SELECT pg_sleep(60)";
  }

  @Override
  public void kill() throws InterruptedException {
    ServerProcess.kill(process);
  }

  @Override
  public void restart() throws IOException {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(
            () -> {
              if (process == null || !process.isAlive()) {
                process = ServerProcess.start(log, command());
              }
              try (CallDepth.Scope own = CallDepth.agentTraffic()) {
                DriverManager.getConnection(url(), user(), password()).close();
              }
              return process.isAlive();
            });
  }

  private List<String> command() {
    return List.of(
        binaries + "/postgres",
        "-D",
        data(),
        "-p",
        Integer.toString(port),
        "-c",
        "listen_addresses=127.0.0.1",
        "-c",
        "unix_socket_directories=",
        "-c",
        "shared_buffers=8MB",
        "-c",
        "max_connections=60");
  }

  @Override
  public void close() {
    try {
      ServerProcess.kill(process);
      Files.delete(log);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ServerProcess.remove(folder);
  }
}
