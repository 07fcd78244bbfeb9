package probe;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.loader.WebappClassLoaderBase;
import org.apache.catalina.startup.Constants;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;

/**
 * A Tomcat that deploys one web application at {@code /app} again and again: {@code /redeploy}
 * takes it away and puts a new one there, {@code /loaders} collects garbage and says how many of
 * its class loaders are alive.
 */
public final class Redeployer {
  private static final List<WeakReference<ClassLoader>> LOADERS = new ArrayList<>();
  private static Context deployed;

  private Redeployer() {}

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
    Tomcat.addServlet(root, "redeploy", new RedeployServlet(tomcat, args[2]))
        .addMapping("/redeploy");
    Tomcat.addServlet(root, "loaders", new LoadersServlet()).addMapping("/loaders");
    tomcat.start();
    deploy(tomcat, args[2]);
    System.out.println(
        "probe " + args[0] + " listening on " + tomcat.getConnector().getLocalPort());
    System.out.flush();
    tomcat.getServer().await();
  }

  private static synchronized void deploy(Tomcat tomcat, String folder) throws LifecycleException {
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
    LOADERS.add(new WeakReference<>(context.getLoader().getClassLoader()));
    deployed = context;
  }

  private static synchronized int live() {
    int live = 0;
    for (WeakReference<ClassLoader> loader : LOADERS) {
      live += loader.get() == null ? 0 : 1;
    }
    return live;
  }

  private static final class RedeployServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Tomcat tomcat;
    private final String folder;

    RedeployServlet(Tomcat tomcat, String folder) {
      this.tomcat = tomcat;
      this.folder = folder;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        deploy(tomcat, folder);
      } catch (LifecycleException e) {
        throw new IOException(e);
      }
      response.getWriter().print("redeployed=true");
    }
  }

  private static final class LoadersServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      System.gc();
      StringBuilder text = new StringBuilder("live=").append(live()).append('\n');
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        if (thread != Thread.currentThread()
            && thread.getContextClassLoader() instanceof WebappClassLoaderBase) {
          text.append("thread.").append(thread.getName()).append("=of an application\n");
        }
      }
      response.getWriter().print(text);
    }
  }
}
