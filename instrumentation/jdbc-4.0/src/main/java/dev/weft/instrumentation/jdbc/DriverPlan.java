package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.HandedSocketFactory;
import dev.weft.dataplane.database.ConnectAttempt;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.NativeTls;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.DatabaseTls;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.Properties;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Attempts through {@code Driver.connect}: another host in the URL, times and a socket factory in a
 * copy of the properties. What a driver cannot be told is refused, never left out.
 */
final class DriverPlan implements Opening.Plan {
  private final TransportSecurity transport;
  private final Driver driver;
  private final Dialect dialect;
  private final String url;
  private final JdbcUrl parsed;
  private final Properties info;

  DriverPlan(
      TransportSecurity transport,
      Driver driver,
      Dialect dialect,
      String url,
      JdbcUrl parsed,
      Properties info) {
    this.transport = transport;
    this.driver = driver;
    this.dialect = dialect;
    this.url = url;
    this.parsed = parsed;
    this.info = info;
  }

  @Override
  public @Nullable Connection connect(ConnectAttempt attempt) throws SQLException {
    boolean mesh = attempt.security() == DatabaseTls.MESH;
    boolean secure = attempt.security() != DatabaseTls.NONE;
    String to = url;
    if (attempt.redirected() || secure) {
      if (!parsed.canMove()) {
        throw refused("this URL cannot be given another host: " + parsed.address(info));
      }
      to = parsed.at(attempt.host(), attempt.port());
    }
    Properties copy = copy(info);
    String timed = Timeouts.limit(dialect, to, copy, attempt.timeoutMillis());
    if (secure) {
      // A thread of the driver's own would have nothing that this one hands over.
      timed = JdbcUrl.set(timed, copy, dialect.mark, dialect.sameThread);
    }
    return mesh
        ? secured(attempt, timed, copy)
        : secure ? natively(attempt, timed, copy) : driver.connect(timed, copy);
  }

  private @Nullable Connection natively(ConnectAttempt attempt, String to, Properties copy)
      throws SQLException {
    ClientTls required = attempt.tls();
    if (required == null || !TlsMaterial.isTakenBy(dialect, driver.getClass().getClassLoader())) {
      throw refused("TLS NATIVE is not to be had with the driver " + driver.getClass().getName());
    }
    NativeTls tls;
    try {
      tls = transport.nativeTls(required);
    } catch (SSLException e) {
      throw refused(e.getMessage());
    }
    String secured = JdbcUrl.set(to, copy, dialect.mark, TlsMaterial.settings(dialect));
    Connection connection = handing(tls, secured, copy);
    if (connection != null && !tls.begin()) {
      connection.close();
      throw refused(
          "the driver has connected without the TLS that it was told to use, or to a server that"
              + " has just lost our trust");
    }
    if (connection != null) {
      Sessions.secured(connection, tls);
    }
    return connection;
  }

  /** A defect in what makes the TLS refuses, as everything else does that is wrong there. */
  private @Nullable Connection handing(NativeTls tls, String to, Properties copy)
      throws SQLException {
    try {
      return TlsMaterial.handing(tls, () -> driver.connect(to, copy));
    } catch (SQLException e) {
      tls.failed(e);
      throw e;
    } catch (RuntimeException | LinkageError e) {
      tls.failed(e);
      SQLException refused = refused("TLS NATIVE failed: " + e);
      refused.initCause(e);
      throw refused;
    }
  }

  private @Nullable Connection secured(ConnectAttempt attempt, String to, Properties copy)
      throws SQLException {
    ClientTls tls = attempt.tls();
    boolean able = dialect == Dialect.POSTGRESQL || dialect == Dialect.MARIADB;
    if (!able || tls == null || JdbcUrl.parameter(to, "socketFactory", dialect.mark) != null) {
      throw refused("TLS MESH is not to be had with the driver " + driver.getClass().getName());
    }
    copy.setProperty("socketFactory", HandedSocketFactory.class.getName());
    MeshSockets sockets = new MeshSockets(transport, attempt, tls);
    HandedSocketFactory.hand(sockets);
    Connection connection;
    try {
      connection = driver.connect(to, copy);
    } finally {
      HandedSocketFactory.take();
    }
    if (connection != null && !sockets.used()) {
      // A driver too old for the property has connected in plaintext.
      connection.close();
      throw refused("TLS MESH is not to be had with this version of the driver");
    }
    return connection;
  }

  private static SQLException refused(@Nullable String why) {
    return new SQLNonTransientConnectionException("refused by the service mesh: " + why, "08001");
  }

  private static Properties copy(Properties info) {
    Properties copy = new Properties();
    for (String name : info.stringPropertyNames()) {
      copy.setProperty(name, info.getProperty(name));
    }
    copy.putAll(info);
    return copy;
  }
}
