package shop.inventory;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Starts the inventory service: {@code java -jar sample-inventory.jar PORT VERSION}. */
public final class InventoryServer {
  private InventoryServer() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the port to listen on (0 for any), and the version to report
   */
  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8083;
    String version = args.length > 1 ? args[1] : "v1";
    File home = Files.createTempDirectory("inventory").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.getPath());
    tomcat.setPort(port);
    Context context = tomcat.addContext("", home.getPath());
    Tomcat.addServlet(context, "stock", new StockServlet(version)).addMapping("/stock/*");
    Tomcat.addServlet(context, "fault", new FaultServlet()).addMapping("/admin/fault");
    tomcat.getConnector();
    tomcat.start();
    System.out.println("inventory " + version + " on port " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
