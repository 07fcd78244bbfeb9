package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.DatabaseUnderTest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.tools.Server;

/** H2 on a port, in this process; its data outlive the server. */
final class H2Server implements DatabaseUnderTest {
  private final String name = "mem:" + UUID.randomUUID();
  private Server server;
  private final int port;

  H2Server() throws SQLException {
    server = start(0);
    port = server.getPort();
    try (Connection connection = DriverManager.getConnection(url("localhost", port), user(), "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ALIAS PAUSE FOR \"" + Pause.class.getName() + ".atRow\"");
    }
  }

  private static Server start(int port) throws SQLException {
    List<String> options = new ArrayList<>(List.of("-tcpPort", Integer.toString(port)));
    if (System.getProperty("weft.test.h2", "").startsWith("2")) {
      options.add("-ifNotExists");
    }
    return Server.createTcpServer(options.toArray(new String[0])).start();
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public String url(String host, int at) {
    return "jdbc:h2:tcp://" + host + ":" + at + "/" + name + ";DB_CLOSE_DELAY=-1";
  }

  @Override
  public String user() {
    return "sa";
  }

  @Override
  public String password() {
    return "";
  }

  @Override
  public String slowQuery() {
    // A minute of waiting on any machine; a cancel is looked at every 128 rows.
    return "SELECT COUNT(*) FROM SYSTEM_RANGE(1, 60000) WHERE PAUSE(X) < 0";
  }

  @Override
  public void kill() {
    server.stop();
  }

  @Override
  public void restart() throws SQLException {
    if (!server.isRunning(false)) {
      server = start(port);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
