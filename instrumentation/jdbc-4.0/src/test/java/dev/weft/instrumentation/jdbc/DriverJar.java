package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.PoolUnderTest;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** A driver in a class loader of its own, beside which others of its kind may be. */
record DriverJar(URLClassLoader loader, Driver driver) implements AutoCloseable {
  private static final Map<String, String> DRIVERS =
      Map.of(
          "postgresql", "org.postgresql.Driver",
          "mysql-connector-java", "com.mysql.jdbc.Driver",
          "mysql-connector-j", "com.mysql.cj.jdbc.Driver",
          "mariadb-java-client", "org.mariadb.jdbc.Driver",
          "h2", "org.h2.Driver",
          "ojdbc8", "oracle.jdbc.OracleDriver",
          "mssql-jdbc", "com.microsoft.sqlserver.jdbc.SQLServerDriver");

  /** The jars that the build has put aside. */
  static List<Path> all() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("target/drivers"))) {
      return all.filter(path -> path.toString().endsWith(".jar")).sorted().toList();
    }
  }

  /** The name of the artifact, without its version. */
  static String artifact(Path jar) {
    return jar.getFileName().toString().replaceFirst("-\\d.*", "");
  }

  /** Loads the driver of one of them. */
  static DriverJar of(Path jar) throws Exception {
    URLClassLoader loader =
        new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    String driver = DRIVERS.get(artifact(jar));
    return new DriverJar(loader, (Driver) loader.loadClass(driver).getConstructor().newInstance());
  }

  /** Loads the driver of one of them, by its file name without {@code .jar}. */
  static DriverJar named(String name) throws Exception {
    return of(Path.of("target/drivers", name + ".jar"));
  }

  /** The one on the class path. */
  static DriverJar newestMariadb() {
    return new DriverJar(new URLClassLoader(new URL[0]), new org.mariadb.jdbc.Driver());
  }

  /** A connection, as the driver manager would get it. */
  Connection open(String url, Properties info) throws SQLException {
    Connection connection = driver.connect(url, info);
    if (connection == null) {
      throw new SQLException("not a URL of " + driver.getClass() + ": " + url);
    }
    return connection;
  }

  /** No pool: each connection is the driver's own. */
  PoolUnderTest asPool(String url, String user, String password, int size) {
    Properties info = new Properties();
    info.setProperty("user", user);
    info.setProperty("password", password);
    return Pools.none(() -> open(url, info));
  }

  @Override
  public void close() throws IOException {
    loader.close();
  }
}
