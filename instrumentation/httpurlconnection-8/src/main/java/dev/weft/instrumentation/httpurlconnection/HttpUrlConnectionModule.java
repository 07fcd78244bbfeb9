package dev.weft.instrumentation.httpurlconnection;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HandedValue;
import dev.weft.agent.extension.HookCall;
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
  public HttpUrlConnectionModule() {
    super(
        "httpurlconnection-8",
        Role.ENFORCING,
        Library.named("java.net.HttpURLConnection")
            .versions("1.8", null)
            .versionOfJavaRuntime()
            .requires(
                HANDLER, "openConnection(Ljava/net/URL;Ljava/net/Proxy;)Ljava/net/URLConnection;")
            .requires(
                CACHE,
                "get(Ljava/net/URL;Ljava/lang/Object;)Lsun/net/www/http/HttpClient;",
                "put(Ljava/net/URL;Ljava/lang/Object;Lsun/net/www/http/HttpClient;)V")
            .requires(CLIENT, "doConnect(Ljava/lang/String;I)Ljava/net/Socket;")
            .opens("java.net")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            HANDLER,
            bind(
                "openConnection",
                "(Ljava/net/URL;Ljava/net/Proxy;)Ljava/net/URLConnection;",
                HookCall.decides(PACKAGE + "OpenHook", self(), argument(0)))),
        TypeInstrumentation.of(
            CACHE,
            bind("get", AdviceBinding.ANY, cache(argument(0), nothing())),
            bind("put", AdviceBinding.ANY, cache(nothing(), argument(2))),
            // Of older runtimes.
            bind(
                    "remove",
                    "(Lsun/net/www/http/HttpClient;Ljava/lang/Object;)V",
                    cache(nothing(), argument(0)))
                .optional()),
        TypeInstrumentation.of(
            CLIENT,
            bind(
                "doConnect",
                AdviceBinding.ANY,
                HookCall.decides(
                        PACKAGE + "ConnectHook",
                        self(),
                        arguments(),
                        field("connectTimeout"),
                        field("readTimeout"))
                    .answering("java.net.Socket"))));
  }

  private static HookCall cache(HandedValue url, HandedValue client) {
    return HookCall.of(PACKAGE + "CacheAdvice", PACKAGE + "KeepAliveHook", url, client)
        .changing(argument(1, "java.lang.Object"));
  }

  private static AdviceBinding bind(String method, String descriptor, HookCall call) {
    return AdviceBinding.of(method, descriptor, call);
  }
}
