package probe;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;

/** As {@link Probe}, on an embedded Jetty. */
public final class JettyProbe {
  private JettyProbe() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name, the port (0 for any), and optionally {@code ws}
   */
  public static void main(String[] args) throws Exception {
    String name = args[0];
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setPort(Integer.parseInt(args[1]));
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.setContextPath("/");
    context.addServlet(new ServletHolder("echo", new EchoServlet(name)), "/");
    context.addServlet(new ServletHolder("call", new CallServlet()), "/call");
    context.addServlet(new ServletHolder("load", new LoadServlet()), "/load");
    context.addServlet(new ServletHolder("fault", new FaultServlet()), "/fault");
    if (args.length > 2 && args[2].equals("ws")) {
      JettySockets.add(context, name);
    }
    server.setHandler(context);
    server.start();
    System.out.println("probe " + name + " listening on " + connector.getLocalPort());
    System.out.flush();
    server.join();
  }
}
