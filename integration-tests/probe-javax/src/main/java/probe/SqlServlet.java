package probe;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * Runs the statement it is told to and tells what came: on the one connection that it keeps, or on
 * a new one to the URL that it is given.
 */
final class SqlServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final String URL = "jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1";

  private transient Connection connection;

  @Override
  protected synchronized void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/plain");
    try {
      String url = request.getParameter("url");
      if (url != null) {
        try (Connection own = DriverManager.getConnection(url)) {
          run(own, request, response);
        }
        return;
      }
      if (connection == null) {
        connection = DriverManager.getConnection(URL);
      }
      run(connection, request, response);
    } catch (SQLException e) {
      response
          .getWriter()
          .print(
              "error="
                  + e.getClass().getName()
                  + "\nstate="
                  + e.getSQLState()
                  + "\nmessage="
                  + e.getMessage()
                  + "\n");
    }
  }

  private static void run(
      Connection connection, HttpServletRequest request, HttpServletResponse response)
      throws IOException, SQLException {
    try (Statement statement = connection.createStatement()) {
      boolean rows = statement.execute(request.getParameter("text"));
      response.getWriter().print("rows=" + rows + "\n");
      if (rows) {
        try (ResultSet result = statement.getResultSet()) {
          response.getWriter().print("value=" + (result.next() ? result.getString(1) : "") + "\n");
        }
      }
    }
  }
}
