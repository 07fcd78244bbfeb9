package shop.echo;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/**
 * Starts a server that answers with what it received, as the echo servers of the Gateway API's
 * conformance suite do, and that sends requests for others: {@code java -jar sample-echo.jar NAME
 * PORT}.
 */
public final class EchoServer {
  private EchoServer() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the name to answer with, and the port to listen on (0 for any)
   */
  public static void main(String[] args) throws Exception {
    String name = args.length > 0 ? args[0] : "echo";
    int port = args.length > 1 ? Integer.parseInt(args[1]) : 8084;
    File home = Files.createTempDirectory("echo").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.getPath());
    tomcat.setPort(port);
    Context context = tomcat.addContext("", home.getPath());
    Tomcat.addServlet(context, "echo", new EchoServlet(name)).addMapping("/");
    Tomcat.addServlet(context, "send", new SendServlet()).addMapping("/send");
    tomcat.start();
    System.out.println(name + " listening on " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
