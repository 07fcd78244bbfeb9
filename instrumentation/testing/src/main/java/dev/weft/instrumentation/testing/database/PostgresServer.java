package dev.weft.instrumentation.testing.database;

import dev.weft.bootstrap.CallDepth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real PostgreSQL: the machine's own where it has one, else the binaries on the class path. */
@SuppressWarnings("try") // a scope is there to be closed
public final class PostgresServer extends ServerUnderTest {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");
  private static final String BUNDLED = "/postgres-linux-x86_64.txz";
  private static @Nullable Path unpacked;

  private final Path binaries;
  private final String[] options;

  private PostgresServer(Path binaries, String... options) throws Exception {
    super("postgres");
    this.binaries = binaries;
    this.options = options;
    ServerProcess.run(
        log(),
        null,
        ServerProcess.lowered(
            binaries + "/initdb",
            "-D",
            data().toString(),
            "-U",
            "shop",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--no-locale"));
  }

  /** One that runs. */
  public static PostgresServer start() throws Exception {
    Optional<Path> own = installed();
    return started(new PostgresServer(own.isPresent() ? own.get() : bundled()));
  }

  /**
   * One that takes connections from those who show a certificate of its root; of the binaries on
   * the class path where they run, so that they are used on machines that have their own, too.
   */
  public static PostgresServer secured(TlsFiles files) throws Exception {
    PostgresServer server =
        new PostgresServer(
            isBundled() ? bundled() : installed().orElseThrow(),
            "ssl=on",
            "ssl_ca_file=" + files.root(),
            "ssl_cert_file=" + files.chain(),
            "ssl_key_file=" + files.key());
    Files.writeString(
        server.data().resolve("pg_hba.conf"),
        "hostssl all all 127.0.0.1/32 trust clientcert=verify-ca\n");
    return started(server);
  }

  private static PostgresServer started(PostgresServer server) throws IOException {
    server.restart();
    return server;
  }

  /** Null when it can run here, else why not. */
  public static @Nullable String missing() {
    return isBundled() || (ServerProcess.possible() && installed().isPresent())
        ? null
        : "no PostgreSQL can be run here";
  }

  /** Whether the binaries on the class path can be run here. */
  public static boolean isBundled() {
    return ServerProcess.possible()
        && System.getProperty("os.arch").equals("amd64")
        && PostgresServer.class.getResource(BUNDLED) != null;
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

  private static synchronized Path bundled() throws Exception {
    if (unpacked == null) {
      Path folder = ServerFiles.unpackArchive(BUNDLED);
      unpacked = folder.resolve("bin");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerFiles.remove(folder)));
    }
    return unpacked;
  }

  private Path data() {
    return folder().resolve("data");
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
  protected boolean answers() throws Exception {
    try (CallDepth.Scope own = CallDepth.agentTraffic()) {
      DriverManager.getConnection(url(), user(), password()).close();
      return true;
    } catch (SQLException refused) {
      // Not without a certificate, then: it answers.
      return "28000".equals(refused.getSQLState());
    }
  }

  @Override
  protected List<String> command() {
    List<String> settings =
        new ArrayList<>(
            List.of(
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "shared_buffers=8MB",
                // What is written outlives a process that is killed; only machines need more.
                "fsync=off",
                "max_connections=60"));
    settings.addAll(Arrays.asList(options));
    List<String> command =
        new ArrayList<>(
            ServerProcess.lowered(
                binaries + "/postgres", "-D", data().toString(), "-p", Integer.toString(port())));
    settings.forEach(setting -> command.addAll(List.of("-c", setting)));
    return command;
  }
}
