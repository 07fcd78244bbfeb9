package probe;

import java.io.File;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;

/**
 * A legacy application for the tests: it answers on an embedded Tomcat, and calls others with the
 * client library it is told to. It knows nothing of the mesh.
 */
public final class Probe {
  private static final String NIO2 = "org.apache.coyote.http11.Http11Nio2Protocol";

  private Probe() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name, the port (0 for any), and what else of {@code h2c}, {@code
   *     nio2} and {@code ws}
   */
  public static void main(String[] args) throws Exception {
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    String name = args[0];
    File home = Files.createTempDirectory("probe").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.getPath());
    List<String> more = Arrays.asList(args).subList(2, args.length);
    Connector connector = new Connector(more.contains("nio2") ? NIO2 : "HTTP/1.1");
    connector.setPort(Integer.parseInt(args[1]));
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", home.getPath());
    Tomcat.addServlet(context, "echo", new EchoServlet(name)).addMapping("/");
    Tomcat.addServlet(context, "call", new CallServlet()).addMapping("/call");
    Tomcat.addServlet(context, "load", new LoadServlet()).addMapping("/load");
    Tomcat.addServlet(context, "fault", new FaultServlet()).addMapping("/fault");
    Tomcat.addServlet(context, "sql", new SqlServlet()).addMapping("/sql");
    if (more.contains("ws")) {
      TomcatSockets.add(context, name);
    }
    if (more.contains("h2c")) {
      connector.addUpgradeProtocol(new Http2Protocol());
    }
    connector.setProperty("maxThreads", "64");
    tomcat.start();
    System.out.println("probe " + name + " listening on " + connector.getLocalPort());
    System.out.flush();
    tomcat.getServer().await();
  }
}
