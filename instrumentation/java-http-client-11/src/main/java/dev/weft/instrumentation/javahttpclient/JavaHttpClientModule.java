package dev.weft.instrumentation.javahttpclient;

import static dev.weft.agent.extension.HandedValue.argument;
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
import java.util.List;

/** The HTTP client of the Java runtime, from 11 on: what is woven, and where. */
public final class JavaHttpClientModule extends InstrumentationModule {
  private static final String CLIENT = "jdk.internal.net.http.";

  /** Not the one that gives a subscriber of bodies. */
  private static final String IGNORE_BODY = "()Ljava/util/concurrent/CompletableFuture;";

  private static final String PACKAGE = "dev.weft.instrumentation.javahttpclient.";

  /** For the service loader. */
  public JavaHttpClientModule() {
    super(
        "java-http-client-11",
        Role.ENFORCING,
        Library.named("java.net.http.HttpClient")
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
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return List.of(
        TypeInstrumentation.of(
            CLIENT + "Exchange",
            // One hop, up to the head of its response.
            bind("responseAsync", future("ExchangeHook", self())),
            // Body of a response that the mesh gave itself; of a redirect of ours, nobody wants it.
            bind("readBodyAsync", future("BodyHook", self(), argument(0))),
            AdviceBinding.of("ignoreBody", IGNORE_BODY, future("IgnoreHook", self())),
            bind(
                "remainingConnectTimeout",
                HookCall.enforcesResult(PACKAGE + "ConnectTimeoutHook", field("request"))
                    .answering("java.util.Optional")),
            // Not HTTP/2 where policy limits the requests of a connection.
            bind("version", HookCall.changesResult(PACKAGE + "VersionHook", self())).optional()),
        TypeInstrumentation.of(
            CLIENT + "MultiExchange",
            // It runs on the thread of the caller.
            bind("<init>", HookCall.after(PACKAGE + "CallerHook", self()))),
        TypeInstrumentation.of(
            CLIENT + "HttpRequestImpl",
            // A name made of the pool key. The address that an attempt would get otherwise is not
            // the mesh's.
            bind(
                "getAddress",
                HookCall.decides(PACKAGE + "AddressHook", self())
                    .answering("java.net.InetSocketAddress")),
            bind("secure", HookCall.enforcesResult(PACKAGE + "SecureHook", self()))),
        TypeInstrumentation.of(
            CLIENT + "Http1Request",
            // Unchanged although the request is secure.
            bind(
                "hostString",
                HookCall.enforcesResult(PACKAGE + "HostHook", field("request"))
                    .answering("java.lang.String"))),
        TypeInstrumentation.of(
            CLIENT + "AbstractAsyncSSLConnection",
            bind(
                "createEngine",
                HookCall.decides(
                        PACKAGE + "EngineHook",
                        nothing(),
                        argument(1, "java.lang.String"),
                        argument(3, "javax.net.ssl.SSLParameters"))
                    .answering("javax.net.ssl.SSLEngine")),
            AdviceBinding.of("<init>", AdviceBinding.ANY, PACKAGE + "ConnectionAdvice")),
        TypeInstrumentation.of(
            CLIENT + "AsyncSSLConnection",
            // Every end of a secured connection comes by here.
            bind("close", HookCall.before(PACKAGE + "ClosedHook", field("engine")))),
        TypeInstrumentation.of(
            CLIENT + "common.Utils",
            // Just before connecting: from the pool key to the instance.
            bind(
                "resolveAddress",
                HookCall.enforcesArgument(
                    argument(0, "java.net.InetSocketAddress"), PACKAGE + "ResolveHook"))));
  }

  private static HookCall future(String hook, HandedValue... handed) {
    return HookCall.decides(PACKAGE + hook, handed)
        .leavingBy(PACKAGE + "FutureAdvice")
        .answering("java.util.concurrent.CompletableFuture");
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
