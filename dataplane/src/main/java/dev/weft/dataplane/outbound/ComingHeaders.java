package dev.weft.dataplane.outbound;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Headers that a library on top of a client is going to set while that client sends: routes want
 * them before. For one call; a call that is made for its body, say, in the same context does not
 * see them. Thread-safe.
 */
public final class ComingHeaders {
  /** Under which they are kept in a context of Reactor; a text for the reason of {@link Caller}. */
  public static final String KEY = "dev.weft.coming-headers";

  private final Supplier<Map<String, List<String>>> headers;
  private final AtomicReference<@Nullable Object> call = new AtomicReference<>();

  private ComingHeaders(Supplier<Map<String, List<String>>> headers) {
    this.headers = headers;
  }

  /**
   * Announces headers.
   *
   * @param headers values by name; asked, on any thread, only for calls into the mesh
   */
  public static ComingHeaders of(Supplier<Map<String, List<String>>> headers) {
    return new ComingHeaders(headers);
  }

  /**
   * The headers, if they are those of this call: the first that asks, whenever it asks.
   *
   * @param asking the client's object for a call, the same for all its redirects and repetitions
   * @return null also when they cannot be told: the call then goes by the routes that need none
   */
  public @Nullable Map<String, List<String>> of(Object asking) {
    if (!call.compareAndSet(null, asking) && call.get() != asking) {
      return null;
    }
    try {
      return headers.get();
    } catch (RuntimeException | LinkageError e) {
      return null;
    }
  }
}
