package dev.weft.instrumentation.apachehttpclient5;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** The asynchronous clients of Apache HttpClient 5: what is woven, and where. */
public final class ApacheHttpAsyncClientModule extends InstrumentationModule {
  private static final String ASYNC = "org.apache.hc.client5.http.impl.async.";
  private static final String RUNTIME = ASYNC + "InternalHttpAsyncExecRuntime";
  private static final String OPERATOR =
      "org.apache.hc.client5.http.impl.nio.DefaultAsyncClientConnectionOperator";
  private static final String TOKENS = "org.apache.hc.client5.http.impl.DefaultUserTokenHandler";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient5.";

  /** For the service loader. */
  public ApacheHttpAsyncClientModule() {
    super(
        "apache-httpclient-5.0-async",
        Role.ENFORCING,
        ApacheHttpClientModule.named("Apache HttpClient 5, asynchronous")
            .requires(ASYNC + "AsyncHttpRequestRetryExec", "execute")
            .requires(ASYNC + "AsyncProtocolExec", "execute")
            .requires(RUNTIME, "acquireEndpoint", "connectEndpoint", "manager")
            .requires(OPERATOR, "connect")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            Arrays.asList(ASYNC + "AsyncHttpRequestRetryExec", ASYNC + "AsyncProtocolExec"),
            bind("execute", HookCall.decides(PACKAGE + "AsyncExecuteHook", self(), arguments()))),
        TypeInstrumentation.of(
            RUNTIME,
            bind("acquireEndpoint", ApacheHttpClientModule.LEASE),
            // The connection of this attempt comes not from the pool.
            bind(
                "connectEndpoint", HookCall.before(PACKAGE + "FreshHook", nothing(), argument(0)))),
        TypeInstrumentation.of(
            OPERATOR,
            AdviceBinding.of("connect", AdviceBinding.ANY, PACKAGE + "AsyncConnectAdvice")),
        TypeInstrumentation.of(
            TOKENS,
            bind("getUserToken", HookCall.changesResult(PACKAGE + "UserTokenHook", arguments()))));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
