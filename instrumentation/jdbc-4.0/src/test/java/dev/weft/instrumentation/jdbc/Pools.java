package dev.weft.instrumentation.jdbc;

import com.mchange.v2.c3p0.ComboPooledDataSource;
import com.zaxxer.hikari.HikariDataSource;
import dev.weft.instrumentation.testing.database.PoolUnderTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.apache.commons.dbcp2.BasicDataSource;

/** The pools that stand above the drivers, each set up as its documentation has it. */
final class Pools {
  private Pools() {}

  private record Pool(DataSource source, AutoCloseable closing) implements PoolUnderTest {
    @Override
    public Connection connection() throws SQLException {
      return source.getConnection();
    }

    @Override
    public boolean keeps() {
      return true;
    }

    @Override
    public void close() {
      try {
        closing.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  static PoolUnderTest driverManager(String url, String user, String password, int size) {
    return none(() -> DriverManager.getConnection(url, user, password));
  }

  /** How a connection is opened. */
  interface Opening {
    Connection open() throws SQLException;
  }

  /** No pool: each connection is opened, and closed. */
  static PoolUnderTest none(Opening opening) {
    return new PoolUnderTest() {
      @Override
      public Connection connection() throws SQLException {
        return opening.open();
      }

      @Override
      public boolean keeps() {
        return false;
      }

      @Override
      public void close() {}
    };
  }

  static PoolUnderTest hikari(String url, String user, String password, int size) {
    HikariDataSource source = new HikariDataSource();
    source.setJdbcUrl(url);
    source.setUsername(user);
    source.setPassword(password);
    source.setMaximumPoolSize(size);
    source.setMinimumIdle(0);
    source.setInitializationFailTimeout(-1);
    source.setConnectionTimeout(5_000);
    source.setValidationTimeout(1_000);
    return new Pool(source, source);
  }

  static PoolUnderTest dbcp2(String url, String user, String password, int size) {
    BasicDataSource source = new BasicDataSource();
    source.setUrl(url);
    source.setUsername(user);
    source.setPassword(password);
    source.setMaxTotal(size);
    source.setPoolPreparedStatements(true);
    return new Pool(source, source);
  }

  static PoolUnderTest c3p0(String url, String user, String password, int size) {
    ComboPooledDataSource source = new ComboPooledDataSource();
    source.setJdbcUrl(url);
    source.setUser(user);
    source.setPassword(password);
    source.setInitialPoolSize(0);
    source.setMinPoolSize(0);
    source.setAcquireIncrement(1);
    source.setMaxPoolSize(size);
    source.setMaxStatementsPerConnection(10);
    source.setAcquireRetryAttempts(2);
    source.setAcquireRetryDelay(50);
    source.setCheckoutTimeout(5_000);
    source.setTestConnectionOnCheckout(true);
    return new Pool(source, source::close);
  }

  static PoolUnderTest tomcat(String url, String user, String password, int size) {
    org.apache.tomcat.jdbc.pool.DataSource source = new org.apache.tomcat.jdbc.pool.DataSource();
    source.setUrl(url);
    source.setUsername(user);
    source.setPassword(password);
    source.setInitialSize(0);
    source.setMinIdle(0);
    source.setMaxActive(size);
    source.setTestOnBorrow(true);
    source.setValidationInterval(0);
    source.setValidator(
        (connection, action) -> {
          try {
            return connection.isValid(1);
          } catch (SQLException e) {
            return false;
          }
        });
    return new Pool(source, source::close);
  }
}
