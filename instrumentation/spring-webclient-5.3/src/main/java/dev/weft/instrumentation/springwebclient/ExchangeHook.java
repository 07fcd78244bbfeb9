package dev.weft.instrumentation.springwebclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.dataplane.outbound.ComingHeaders;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.ClientRequest;
import reactor.core.publisher.Mono;

/** Puts the headers of a request into the context in which the client below makes its call. */
public final class ExchangeHook extends MeshHook {
  private static final String COOKIE = "cookie";

  /** For the hook loader. */
  public ExchangeHook(HookContext context) {
    super(context);
  }

  /**
   * @param request what is to be sent
   * @param result the call, not yet subscribed to
   * @return the same call with another context
   */
  @Override
  public @Nullable Object exit(
      @Nullable Object entered,
      @Nullable Object request,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    if (!(result instanceof Mono) || !(request instanceof ClientRequest)) {
      return result;
    }
    ClientRequest whole = (ClientRequest) request;
    return ((Mono<?>) result)
        .contextWrite(
            context -> context.put(ComingHeaders.KEY, ComingHeaders.of(() -> headers(whole))));
  }

  private static Map<String, List<String>> headers(ClientRequest request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    List<String> cookies = new ArrayList<>();
    request
        .headers()
        .forEach(
            (name, values) -> {
              if (name.equalsIgnoreCase(COOKIE)) {
                cookies.addAll(values);
              } else {
                headers.put(name, values);
              }
            });
    MultiValueMap<String, String> set = request.cookies();
    set.forEach((name, values) -> values.forEach(value -> cookies.add(name + "=" + value)));
    if (!cookies.isEmpty()) {
      headers.put(COOKIE, Collections.singletonList(String.join("; ", cookies)));
    }
    return headers;
  }
}
