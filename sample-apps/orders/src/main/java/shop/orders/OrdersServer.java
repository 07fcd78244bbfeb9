package shop.orders;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/** Starts the orders service: {@code java -jar sample-orders.jar PORT INVENTORY_URL}. */
public final class OrdersServer {
  private OrdersServer() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the port to listen on (0 for any), and the base URL of the inventory service
   */
  public static void main(String[] args) throws Exception {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8082;
    String inventory = args.length > 1 ? args[1] : "http://inventory:8083";
    File home = Files.createTempDirectory("orders").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.getPath());
    tomcat.setPort(port);
    Context context = tomcat.addContext("", home.getPath());
    Tomcat.addServlet(context, "orders", new OrderServlet(inventory)).addMapping("/orders/*");
    tomcat.getConnector();
    tomcat.start();
    System.out.println("orders on port " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
