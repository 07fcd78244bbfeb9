package probe;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * One web application that is deployed again and again, in whichever container: {@code /redeploy}
 * takes it away and puts a new one there, {@code /loaders} collects garbage and says how many of
 * its class loaders are alive, which threads are theirs, and how many are an agent's.
 */
final class Redeployment {
  private final Container container;
  private final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();

  Redeployment(Container container) {
    this.container = container;
  }

  /** What a container has to know. */
  interface Container {
    /** Takes away the application, if there is one, and deploys it anew; answers its loader. */
    ClassLoader replace() throws Exception;
  }

  synchronized void deploy() throws Exception {
    loaders.add(new WeakReference<>(container.replace()));
  }

  private synchronized int live() {
    int live = 0;
    for (WeakReference<ClassLoader> loader : loaders) {
      live += loader.get() == null ? 0 : 1;
    }
    return live;
  }

  private synchronized boolean isOfAnApplication(ClassLoader loader) {
    return loader != null && loaders.stream().anyMatch(known -> known.get() == loader);
  }

  HttpServlet redeployServlet() {
    return new RedeployServlet(this);
  }

  HttpServlet loadersServlet() {
    return new LoadersServlet(this);
  }

  private static final class RedeployServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Redeployment redeployment;

    RedeployServlet(Redeployment redeployment) {
      this.redeployment = redeployment;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try {
        redeployment.deploy();
      } catch (Exception e) {
        throw new IOException(e);
      }
      response.getWriter().print("redeployed=true");
    }
  }

  private static final class LoadersServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    private final transient Redeployment redeployment;

    LoadersServlet(Redeployment redeployment) {
      this.redeployment = redeployment;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      System.gc();
      StringBuilder text = new StringBuilder("live=").append(redeployment.live()).append('\n');
      int agents = 0;
      for (Thread thread : Thread.getAllStackTraces().keySet()) {
        agents += thread.getName().startsWith("mesh-") ? 1 : 0;
        if (thread != Thread.currentThread()
            && redeployment.isOfAnApplication(thread.getContextClassLoader())) {
          text.append("thread.").append(thread.getName()).append("=of an application\n");
        }
      }
      response.getWriter().print(text.append("mesh=").append(agents).append('\n'));
    }
  }
}
