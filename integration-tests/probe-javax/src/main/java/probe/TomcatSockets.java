package probe;

import java.util.Set;
import javax.servlet.ServletContainerInitializer;
import javax.servlet.ServletContext;
import javax.servlet.ServletException;
import javax.websocket.DeploymentException;
import javax.websocket.server.ServerContainer;
import org.apache.catalina.Context;
import org.apache.tomcat.websocket.server.WsSci;

/** WebSockets on an embedded Tomcat. */
final class TomcatSockets implements ServletContainerInitializer {
  private final String name;

  private TomcatSockets(String name) {
    this.name = name;
  }

  static void add(Context context, String name) {
    context.addServletContainerInitializer(new WsSci(), null);
    context.addServletContainerInitializer(new TomcatSockets(name), null);
  }

  @Override
  public void onStartup(Set<Class<?>> types, ServletContext context) throws ServletException {
    try {
      ((ServerContainer) context.getAttribute("javax.websocket.server.ServerContainer"))
          .addEndpoint(EchoSocket.of(name));
    } catch (DeploymentException e) {
      throw new ServletException(e);
    }
  }
}
