package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** The classic clients of Apache HttpClient 5: what is woven, and where. */
public final class ApacheHttpClientModule extends InstrumentationModule {
  private static final String CLASSIC = "org.apache.hc.client5.http.impl.classic.";
  private static final String OPERATOR =
      "org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient5.";

  /** For the service loader. */
  public ApacheHttpClientModule() {}

  @Override
  public String name() {
    return "apache-httpclient-5.0";
  }

  @Override
  public Library library() {
    return named("Apache HttpClient 5")
        .requires(CLASSIC + "HttpRequestRetryExec", "execute")
        .requires(CLASSIC + "ProtocolExec", "execute")
        .requires(
            CLASSIC + "InternalExecRuntime", "acquireEndpoint", "manager", "cancellableDependency")
        .requires(OPERATOR, "connect")
        .build();
  }

  static Library.Builder named(String name) {
    return Library.named(name)
        .versions("5.0", "6")
        .versionFrom(
            "META-INF/maven/org.apache.httpcomponents.client5/httpclient5/pom.properties",
            "version")
        .versionFrom("org/apache/hc/client5/version.properties", "info.release");
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            Arrays.asList(CLASSIC + "HttpRequestRetryExec", CLASSIC + "ProtocolExec"),
            bind("execute", "ExecuteAdvice")),
        TypeInstrumentation.of(CLASSIC + "MinimalHttpClient", bind("doExecute", "MinimalAdvice")),
        TypeInstrumentation.of(
            CLASSIC + "InternalExecRuntime", bind("acquireEndpoint", "RouteAdvice")),
        TypeInstrumentation.of(OPERATOR, bind("connect", "ConnectAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }
}
