package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** Apache HttpClient 4.3 to 4.5: what is woven, and where. */
public final class ApacheHttpClientModule extends InstrumentationModule {
  private static final String EXEC = "org.apache.http.impl.execchain.";
  private static final String CONN = "org.apache.http.impl.conn.";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient.";

  /** For the service loader. */
  public ApacheHttpClientModule() {}

  @Override
  public String name() {
    return "apache-httpclient-4.3";
  }

  @Override
  public Library library() {
    return Library.named("Apache HttpClient")
        .versions("4.3", "5")
        .versionFrom(
            "META-INF/maven/org.apache.httpcomponents/httpclient/pom.properties", "version")
        .versionFrom("org/apache/http/client/version.properties", "info.release")
        .requires(EXEC + "MainClientExec", "execute")
        .requires(EXEC + "ProtocolExec", "execute")
        .requires(EXEC + "RetryExec", "execute", "requestExecutor")
        .build();
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(EXEC + "RetryExec", bind("execute", "ExecuteAdvice")),
        TypeInstrumentation.of(EXEC + "ProtocolExec", bind("execute", "ExecuteAdvice")),
        TypeInstrumentation.of(
            EXEC + "MinimalClientExec",
            bind("execute", "ExecuteAdvice"),
            bind("execute", "RouteAdvice")),
        TypeInstrumentation.of(EXEC + "MainClientExec", bind("execute", "RouteAdvice")),
        TypeInstrumentation.of(
            Arrays.asList(
                CONN + "HttpClientConnectionOperator",
                CONN + "DefaultHttpClientConnectionOperator"),
            bind("connect", "ConnectAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }
}
