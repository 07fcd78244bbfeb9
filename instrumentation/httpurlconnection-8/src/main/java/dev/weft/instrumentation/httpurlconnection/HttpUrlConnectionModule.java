package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** {@code HttpURLConnection}, from Java 8 on: what is woven, and where. */
public final class HttpUrlConnectionModule extends InstrumentationModule {
  private static final String HANDLER = "sun.net.www.protocol.http.Handler";
  private static final String CACHE = "sun.net.www.http.KeepAliveCache";
  private static final String CLIENT = "sun.net.NetworkClient";
  private static final String PACKAGE = "dev.weft.instrumentation.httpurlconnection.";

  /** For the service loader. */
  public HttpUrlConnectionModule() {}

  @Override
  public String name() {
    return "httpurlconnection-8";
  }

  @Override
  public Library library() {
    return Library.named("java.net.HttpURLConnection")
        .versions("1.8", null)
        .versionOfJavaRuntime()
        .requires(HANDLER, "openConnection(Ljava/net/URL;Ljava/net/Proxy;)Ljava/net/URLConnection;")
        .requires(
            CACHE,
            "get(Ljava/net/URL;Ljava/lang/Object;)Lsun/net/www/http/HttpClient;",
            "put(Ljava/net/URL;Ljava/lang/Object;Lsun/net/www/http/HttpClient;)V")
        .requires(CLIENT, "doConnect(Ljava/lang/String;I)Ljava/net/Socket;")
        .opens("java.net")
        .build();
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            HANDLER,
            bind(
                "openConnection",
                "(Ljava/net/URL;Ljava/net/Proxy;)Ljava/net/URLConnection;",
                "OpenAdvice")),
        TypeInstrumentation.of(
            CACHE,
            bind("get", AdviceBinding.ANY, "CacheGetAdvice"),
            bind("put", AdviceBinding.ANY, "CachePutAdvice"),
            bind(
                    "remove",
                    "(Lsun/net/www/http/HttpClient;Ljava/lang/Object;)V",
                    "CacheRemoveAdvice")
                .optional()),
        TypeInstrumentation.of(CLIENT, bind("doConnect", AdviceBinding.ANY, "ConnectAdvice")));
  }

  private static AdviceBinding bind(String method, String descriptor, String advice) {
    return AdviceBinding.of(method, descriptor, PACKAGE + advice);
  }
}
