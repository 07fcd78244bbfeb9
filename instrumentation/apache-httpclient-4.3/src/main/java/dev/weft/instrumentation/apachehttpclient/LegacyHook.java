package dev.weft.instrumentation.apachehttpclient;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import java.io.IOException;
import java.util.Locale;
import org.apache.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * Refuses hops of the deprecated clients ({@code AbstractHttpClient} and its subclasses) to hosts
 * of the mesh. They have a request director of their own that the mesh does not drive, so such a
 * hop would go out without identity and policy.
 */
public final class LegacyHook extends MeshHook {
  /** For the hook loader. */
  public LegacyHook(HookContext context) {
    super(context);
  }

  @Override
  @SuppressWarnings("deprecation") // what is guarded
  public @Nullable Object enter(
      @Nullable Object director, @Nullable Object routed, @Nullable Object b, @Nullable Object c) {
    HttpHost host =
        ((org.apache.http.impl.client.RoutedRequest) requireNonNull(routed))
            .getRoute()
            .getTargetHost();
    String scheme = host.getSchemeName().toLowerCase(Locale.ROOT);
    String authority = HopRequest.authorityOf(null, host, scheme);
    if (context().dataPlane().blocking().resolve(scheme, authority) == null) {
      return Permit.GRANTED;
    }
    return Outcome.failed(
        new IOException(
            "call to "
                + authority
                + " refused by the service mesh: DefaultHttpClient and the other clients of"
                + " AbstractHttpClient are not supported yet by Weft: use HttpClientBuilder"));
  }
}
