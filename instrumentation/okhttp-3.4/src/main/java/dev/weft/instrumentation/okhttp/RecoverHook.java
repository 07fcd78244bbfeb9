package dev.weft.instrumentation.okhttp;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Permit;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** Says whether the library may send a request again after a failure. */
public final class RecoverHook extends MeshHook {
  /** For the hook loader. */
  public RecoverHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    for (Object argument : (Object[]) requireNonNull(all)) {
      if (argument instanceof Request) {
        HttpUrl url = ((Request) argument).url();
        return context().dataPlane().blocking().resolve(url.scheme(), HopRequest.authorityOf(url))
                == null
            ? Permit.GRANTED
            : null;
      }
    }
    return null;
  }
}
