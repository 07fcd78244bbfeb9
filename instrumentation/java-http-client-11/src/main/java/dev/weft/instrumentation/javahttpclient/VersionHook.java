package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.net.http.HttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The version that an exchange begins with: not HTTP/2 where connections take a limited number of
 * requests, as the end of one is asked for in HTTP/1.1.
 */
public final class VersionHook extends MeshHook {
  private final Internals internals;

  /** For the hook loader. */
  public VersionHook(HookContext context) throws ReflectiveOperationException {
    super(context);
    this.internals = new Internals();
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object exchange,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    HopRequest hop = exchange == null ? null : Attempts.REQUESTS.get(internals.request(exchange));
    return hop != null && hop.attempt().limitsRequests() ? HttpClient.Version.HTTP_1_1 : result;
  }
}
