package probe;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandlerCollection;
import org.eclipse.jetty.servlet.ServletContextHandler;
import org.eclipse.jetty.servlet.ServletHolder;
import org.eclipse.jetty.webapp.WebAppContext;

/** As {@link Redeployer}, on an embedded Jetty. */
public final class JettyRedeployer implements Redeployment.Container {
  private final ContextHandlerCollection contexts;
  private final String folder;
  private WebAppContext deployed;

  private JettyRedeployer(ContextHandlerCollection contexts, String folder) {
    this.contexts = contexts;
    this.folder = folder;
  }

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name, the port (0 for any), and the folder of the web application
   */
  public static void main(String[] args) throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setPort(Integer.parseInt(args[1]));
    server.addConnector(connector);
    ContextHandlerCollection contexts = new ContextHandlerCollection();
    Redeployment redeployment = new Redeployment(new JettyRedeployer(contexts, args[2]));
    ServletContextHandler root = new ServletContextHandler();
    root.setContextPath("/");
    root.addServlet(new ServletHolder("redeploy", redeployment.redeployServlet()), "/redeploy");
    root.addServlet(new ServletHolder("loaders", redeployment.loadersServlet()), "/loaders");
    contexts.addHandler(root);
    server.setHandler(contexts);
    server.start();
    redeployment.deploy();
    System.out.println("probe " + args[0] + " listening on " + connector.getLocalPort());
    System.out.flush();
    server.join();
  }

  @Override
  public ClassLoader replace() throws Exception {
    if (deployed != null) {
      contexts.removeHandler(deployed);
      deployed.stop();
      deployed.destroy();
      deployed = null;
    }
    WebAppContext context = new WebAppContext(folder, "/app");
    // It names a servlet for JSP, which is not there.
    context.setDefaultsDescriptor(null);
    context.setThrowUnavailableOnStartupException(true);
    contexts.addHandler(context);
    context.start();
    deployed = context;
    return context.getClassLoader();
  }
}
