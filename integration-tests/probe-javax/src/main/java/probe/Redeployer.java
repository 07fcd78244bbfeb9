package probe;

import java.nio.file.Files;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Constants;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat that deploys one web application at {@code /app} again and again. */
public final class Redeployer implements Redeployment.Container {
  private final Tomcat tomcat;
  private final String folder;
  private Context deployed;

  private Redeployer(Tomcat tomcat, String folder) {
    this.tomcat = tomcat;
    this.folder = folder;
  }

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name, the port (0 for any), the folder of the web application, and
   *     optionally {@code security-manager} to set one before all else
   */
  public static void main(String[] args) throws Exception {
    if (args.length > 3 && args[3].equals("security-manager")) {
      System.setSecurityManager(new SecurityManager());
    }
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    String home = Files.createTempDirectory("probe").toString();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home);
    tomcat.setPort(Integer.parseInt(args[1]));
    tomcat.getConnector();
    Context root = tomcat.addContext("", home);
    Redeployment redeployment = new Redeployment(new Redeployer(tomcat, args[2]));
    Tomcat.addServlet(root, "redeploy", redeployment.redeployServlet()).addMapping("/redeploy");
    Tomcat.addServlet(root, "loaders", redeployment.loadersServlet()).addMapping("/loaders");
    tomcat.start();
    redeployment.deploy();
    System.out.println(
        "probe " + args[0] + " listening on " + tomcat.getConnector().getLocalPort());
    System.out.flush();
    tomcat.getServer().await();
  }

  @Override
  public ClassLoader replace() throws LifecycleException {
    if (deployed != null) {
      tomcat.getHost().removeChild(deployed);
      deployed.destroy();
      deployed = null;
    }
    ContextConfig config = new ContextConfig();
    config.setDefaultWebXml(Constants.NoDefaultWebXml);
    StandardContext context = new StandardContext();
    context.setPath("/app");
    context.setDocBase(folder);
    context.addLifecycleListener(config);
    context.setClearReferencesStopThreads(false);
    tomcat.getHost().addChild(context);
    deployed = context;
    return context.getLoader().getClassLoader();
  }
}
