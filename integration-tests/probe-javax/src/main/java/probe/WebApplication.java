package probe;

import javax.servlet.ServletContext;
import javax.servlet.ServletContextEvent;
import javax.servlet.ServletContextListener;

/**
 * The servlets of the test application for a container that takes a WAR; its own clients end with
 * it, as a tidy application's do.
 */
public final class WebApplication implements ServletContextListener {
  @Override
  public void contextInitialized(ServletContextEvent event) {
    ServletContext context = event.getServletContext();
    String name = context.getInitParameter("name");
    context.addServlet("echo", new EchoServlet(name)).addMapping("/echo/*");
    context.addServlet("call", new CallServlet()).addMapping("/call");
    context.addServlet("load", new LoadServlet()).addMapping("/load");
    context.addServlet("fault", new FaultServlet()).addMapping("/fault");
  }

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    Caller.close();
  }
}
