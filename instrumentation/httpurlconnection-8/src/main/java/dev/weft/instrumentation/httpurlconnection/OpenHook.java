package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Answers a connection of ours for a host that the mesh knows. */
public final class OpenHook extends MeshHook {
  /** For the hook loader. */
  public OpenHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object handler, @Nullable Object url, @Nullable Object b, @Nullable Object c)
      throws Throwable {
    if (url == null || Sending.opening((URL) url)) {
      return Permit.GRANTED;
    }
    URL asked = (URL) url;
    if (context().dataPlane().blocking().resolve("http", HopRequest.authorityOf(asked)) == null) {
      return Permit.GRANTED;
    }
    return Outcome.returned(MeshConnection.open(asked, context()));
  }
}
