package dev.weft.instrumentation.apachehttpclient;

import static dev.weft.agent.extension.HandedValue.argument;
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

/** Apache HttpClient 4.3 to 4.5: what is woven, and where. */
public final class ApacheHttpClientModule extends InstrumentationModule {
  private static final String EXEC = "org.apache.http.impl.execchain.";
  private static final String CONN = "org.apache.http.impl.conn.";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient.";
  private static final String ROUTE = "org.apache.http.conn.routing.HttpRoute";
  private static final String CONTEXT = "org.apache.http.client.protocol.HttpClientContext";

  /**
   * {@code execute} of {@code RetryExec}, or of {@code ProtocolExec} or {@code MinimalClientExec}
   * where none stands above: one hop.
   */
  private static final HookCall HOP =
      HookCall.decides(
              PACKAGE + "ExecuteHook",
              self(),
              argument(0, ROUTE),
              argument(1, "org.apache.http.client.methods.HttpRequestWrapper"),
              arguments())
          .answering("org.apache.http.client.methods.CloseableHttpResponse");

  /** Where a connection is leased: the route, which is the pool's key, becomes the instance's. */
  private static final HookCall LEASE =
      HookCall.enforcesArgument(
          argument(0, ROUTE), PACKAGE + "RouteHook", field("connManager"), argument(2, CONTEXT));

  /** The operator's {@code connect}: of an attempt, the mesh makes the connection. */
  private static final HookCall CONNECT =
      HookCall.decides(
          PACKAGE + "ConnectHook",
          argument(0, "org.apache.http.conn.ManagedHttpClientConnection"),
          argument(1, "org.apache.http.HttpHost"),
          argument(5, "org.apache.http.protocol.HttpContext"),
          arguments());

  /** For the service loader. */
  public ApacheHttpClientModule() {
    super(
        "apache-httpclient-4.3",
        Role.ENFORCING,
        Library.named("Apache HttpClient")
            .versions("4.3", "5")
            .versionFrom(
                "META-INF/maven/org.apache.httpcomponents/httpclient/pom.properties", "version")
            .versionFrom("org/apache/http/client/version.properties", "info.release")
            .requires(EXEC + "MainClientExec", "execute")
            .requires(EXEC + "ProtocolExec", "execute")
            .requires(EXEC + "RetryExec", "execute", "requestExecutor")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(EXEC + "RetryExec", bind("execute", HOP)),
        TypeInstrumentation.of(EXEC + "ProtocolExec", bind("execute", HOP)),
        TypeInstrumentation.of(
            EXEC + "MinimalClientExec", bind("execute", HOP), bind("execute", LEASE)),
        TypeInstrumentation.of(EXEC + "MainClientExec", bind("execute", LEASE)),
        TypeInstrumentation.of(
            Arrays.asList(
                CONN + "HttpClientConnectionOperator",
                CONN + "DefaultHttpClientConnectionOperator"),
            bind("connect", CONNECT)));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
