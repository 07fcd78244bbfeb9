package dev.weft.instrumentation.jetty.core;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.util.Objects;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Wraps a request before it is judged and handled. */
public final class WrapHook extends MeshHook {
  /** Made by the agent, once per class loader of Jetty. */
  public WrapHook(HookContext context) {
    super(context);
  }

  /**
   * @return the {@link MeshRequest} that takes the request's place
   */
  @Override
  public Object exit(
      @Nullable Object response,
      @Nullable Object callback,
      @Nullable Object request,
      @Nullable Throwable thrown) {
    return new MeshRequest(
        (Request) Objects.requireNonNull(request),
        (Response) Objects.requireNonNull(response),
        (Callback) Objects.requireNonNull(callback));
  }
}
