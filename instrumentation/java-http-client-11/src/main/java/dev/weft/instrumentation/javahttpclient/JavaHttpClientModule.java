package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.List;

/** The HTTP client of the Java runtime, from 11 on: what is woven, and where. */
public final class JavaHttpClientModule extends InstrumentationModule {
  private static final String CLIENT = "jdk.internal.net.http.";

  /** Not the one that gives a subscriber of bodies. */
  private static final String IGNORE_BODY = "()Ljava/util/concurrent/CompletableFuture;";

  private static final String PACKAGE = "dev.weft.instrumentation.javahttpclient.";

  /** For the service loader. */
  public JavaHttpClientModule() {}

  @Override
  public String name() {
    return "java-http-client-11";
  }

  @Override
  public Library library() {
    return Library.named("java.net.http.HttpClient")
        .versions("11", null)
        .versionOfJavaRuntime()
        .requires(
            CLIENT + "Exchange",
            "responseAsync()Ljava/util/concurrent/CompletableFuture;",
            "responseAsyncImpl",
            "readBodyAsync",
            "ignoreBody" + IGNORE_BODY,
            "exchImpl",
            "exchangeCF",
            "multi")
        .requires(CLIENT + "MultiExchange", "setExchange", "cancelled")
        .requires(CLIENT + "HttpRequestImpl", "getAddress", "secure")
        .requires(CLIENT + "Http1Request", "hostString")
        .requires(CLIENT + "AbstractAsyncSSLConnection", "createEngine", "engine")
        .requires(CLIENT + "AsyncSSLConnection", "close")
        .requires(CLIENT + "common.Utils", "resolveAddress")
        .opens("jdk.internal.net.http", "jdk.internal.net.http.common")
        .build();
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return List.of(
        TypeInstrumentation.of(
            CLIENT + "Exchange",
            bind("responseAsync", "ExchangeAdvice"),
            bind("readBodyAsync", "BodyAdvice"),
            AdviceBinding.of("ignoreBody", IGNORE_BODY, PACKAGE + "IgnoreAdvice"),
            bind("remainingConnectTimeout", "ConnectTimeoutAdvice")),
        TypeInstrumentation.of(CLIENT + "MultiExchange", bind("<init>", "CallerAdvice")),
        TypeInstrumentation.of(
            CLIENT + "HttpRequestImpl",
            bind("getAddress", "AddressAdvice"),
            bind("secure", "SecureAdvice")),
        TypeInstrumentation.of(CLIENT + "Http1Request", bind("hostString", "HostAdvice")),
        TypeInstrumentation.of(
            CLIENT + "AbstractAsyncSSLConnection",
            bind("createEngine", "EngineAdvice"),
            bind("<init>", "ConnectionAdvice")),
        TypeInstrumentation.of(CLIENT + "AsyncSSLConnection", bind("close", "ClosedAdvice")),
        TypeInstrumentation.of(CLIENT + "common.Utils", bind("resolveAddress", "ResolveAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }
}
