package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.security.Principal;
import javax.net.ssl.SSLSession;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Keeps connections shared: the library would bind one with a client certificate to its subject,
 * and use it for nobody else. A user that logged in on the connection stays.
 */
public final class UserTokenHook extends MeshHook {
  /** For the hook loader. */
  public UserTokenHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object arguments,
      @Nullable Object token,
      @Nullable Throwable thrown) {
    if (token == null) {
      return null;
    }
    // The last one in each version.
    Object[] all = (Object[]) requireNonNull(arguments);
    SSLSession session = HttpCoreContext.adapt((HttpContext) all[all.length - 1]).getSSLSession();
    if (session == null || session.getValue(MeshTls.MARK) == null) {
      return token;
    }
    Principal own = session.getLocalPrincipal();
    return token.equals(own) ? null : token;
  }
}
