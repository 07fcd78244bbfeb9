package dev.weft.instrumentation.okhttp;

import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** OkHttp: what is woven, and where. */
public final class OkHttpModule extends InstrumentationModule {
  private static final String CHAIN = "okhttp3.internal.http.RealInterceptorChain";
  private static final String FOLLOW_UP = "okhttp3.internal.http.RetryAndFollowUpInterceptor";
  private static final String CONNECTION = "okhttp3.internal.connection.";
  private static final String PACKAGE = "dev.weft.instrumentation.okhttp.";

  /** Where an address is made, of which a connection is searched for in the pool. */
  private static final HookCall ADDRESS =
      HookCall.enforcesResult(PACKAGE + "AddressHook").answering("okhttp3.Address");

  /** A thread of the library that makes a queued call. */
  private static final HookCall RUN = HookCall.around(PACKAGE + "RunHook", self());

  /** For the service loader. */
  public OkHttpModule() {
    super(
        "okhttp-3.4",
        Role.ENFORCING,
        Library.named("OkHttp")
            .versions("3.4", "6")
            .versionFrom("META-INF/maven/com.squareup.okhttp3/okhttp/pom.properties", "version")
            .versionFromConstant("okhttp3.OkHttp", "VERSION")
            .versionFromConstant("okhttp3.internal._InternalVersionKt", "CONST_VERSION")
            .requires(CHAIN, "proceed", "index:I", "interceptors:Ljava/util/List;")
            .requires(FOLLOW_UP, "recover", "followUpRequest")
            .requires(CONNECTION + "ConnectInterceptor", "intercept")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        // Who makes the address has moved over the years; in 5.x both of the last do.
        TypeInstrumentation.of(
            CHAIN,
            bind(
                "proceed",
                HookCall.decides(
                        PACKAGE + "ProceedHook",
                        self(),
                        arguments(),
                        field("interceptors"),
                        field("index"))
                    .answering("okhttp3.Response")),
            bind("address", ADDRESS).optional()),
        TypeInstrumentation.of(
            FOLLOW_UP,
            bind("followUpRequest", "FollowUpAdvice"),
            bind("recover", "RecoverAdvice"),
            bind("createAddress", ADDRESS).optional()),
        TypeInstrumentation.of(
            Arrays.asList(CONNECTION + "Transmitter", CONNECTION + "RealCall"),
            bind("createAddress", ADDRESS).optional()),
        TypeInstrumentation.of("okhttp3.OkHttpClient", bind("address", ADDRESS).optional()),
        TypeInstrumentation.of(
            Arrays.asList(CONNECTION + "ExchangeFinder", CONNECTION + "RealRoutePlanner"),
            bind("hasRouteToTry", "HoldAdvice").optional(),
            bind("sameHostAndPort", "HoldAdvice").optional()),
        TypeInstrumentation.of(
            Arrays.asList("okhttp3.RealCall$AsyncCall", CONNECTION + "RealCall$AsyncCall"),
            // It runs on the thread that calls enqueue.
            bind("<init>", HookCall.after(PACKAGE + "QueuedHook", self())),
            bind("execute", RUN).optional(),
            bind("run", RUN).optional()));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
