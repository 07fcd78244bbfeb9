package dev.weft.instrumentation.okhttp;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.net.Proxy;
import okhttp3.Address;
import org.jspecify.annotations.Nullable;

/**
 * Gives an attempt an address of its own: its DNS compares by the attempt's pool key, so that
 * connections are shared between attempts alike and never between instances, plaintext and mTLS, or
 * trust generations. It goes past proxies of the application.
 */
public final class AddressHook extends MeshHook {
  /** For the hook loader. */
  public AddressHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    Sending sending = Sending.current();
    if (sending == null || !sending.preparing()) {
      return result;
    }
    Address address = (Address) requireNonNull(result);
    Instance instance = sending.addressed(address.socketFactory());
    return new Address(
        address.url().host(),
        address.url().port(),
        instance,
        instance,
        address.sslSocketFactory(),
        address.hostnameVerifier(),
        address.certificatePinner(),
        address.proxyAuthenticator(),
        Proxy.NO_PROXY,
        address.protocols(),
        address.connectionSpecs(),
        address.proxySelector());
  }
}
