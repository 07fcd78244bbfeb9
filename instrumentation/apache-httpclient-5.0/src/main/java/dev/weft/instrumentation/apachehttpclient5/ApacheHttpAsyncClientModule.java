package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
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
  public ApacheHttpAsyncClientModule() {}

  @Override
  public String name() {
    return "apache-httpclient-5.0-async";
  }

  @Override
  public Library library() {
    return ApacheHttpClientModule.named("Apache HttpClient 5, asynchronous")
        .requires(ASYNC + "AsyncHttpRequestRetryExec", "execute")
        .requires(ASYNC + "AsyncProtocolExec", "execute")
        .requires(RUNTIME, "acquireEndpoint", "connectEndpoint", "manager")
        .requires(OPERATOR, "connect")
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
            Arrays.asList(ASYNC + "AsyncHttpRequestRetryExec", ASYNC + "AsyncProtocolExec"),
            bind("execute", "AsyncExecuteAdvice")),
        TypeInstrumentation.of(
            RUNTIME,
            bind("acquireEndpoint", "RouteAdvice"),
            bind("connectEndpoint", "FreshAdvice")),
        TypeInstrumentation.of(OPERATOR, bind("connect", "AsyncConnectAdvice")),
        TypeInstrumentation.of(TOKENS, bind("getUserToken", "UserTokenAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }
}
