package dev.weft.instrumentation.tomcat;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/** Reports the port of each HTTP connector when it opens and when it closes. */
public final class PortHook extends MeshHook {
  private final Set<NioEndpoint> reported =
      Collections.synchronizedSet(
          Collections.newSetFromMap(new WeakHashMap<NioEndpoint, Boolean>()));
  private volatile WeakReference<NioEndpoint> last = new WeakReference<>(null);

  /** Made by the agent, once per class loader of Tomcat. */
  public PortHook(HookContext context) {
    super(context);
  }

  /**
   * @param self an endpoint that may listen
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    NioEndpoint endpoint = (NioEndpoint) self;
    if (endpoint != null && last.get() != endpoint) {
      report(endpoint);
    }
    return null;
  }

  /**
   * @param self an endpoint that is about to stop
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    NioEndpoint endpoint = (NioEndpoint) self;
    if (endpoint != null && reported.remove(endpoint)) {
      last = new WeakReference<>(null);
      context().dataPlane().ports().closed(endpoint.getLocalPort());
    }
    return result;
  }

  private void report(NioEndpoint endpoint) {
    int port = endpoint.getLocalPort();
    // "http-nio-8080"; AJP connectors run on the same class of endpoint.
    boolean http = endpoint.getName() != null && endpoint.getName().startsWith("http-");
    if (port <= 0 || !endpoint.isRunning()) {
      return;
    }
    if (reported.add(endpoint) && http) {
      context().dataPlane().ports().opened(port, !endpoint.isSSLEnabled());
    }
    last = new WeakReference<>(endpoint);
  }
}
