package dev.weft.instrumentation.apachehttpclient5;

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
      @Nullable Object context,
      @Nullable Object token,
      @Nullable Throwable thrown) {
    SSLSession session =
        token == null ? null : HttpCoreContext.adapt((HttpContext) context).getSSLSession();
    if (token == null || session == null || session.getValue(MeshTls.MARK) == null) {
      return token;
    }
    Principal own = session.getLocalPrincipal();
    return token.equals(own) ? null : token;
  }
}
