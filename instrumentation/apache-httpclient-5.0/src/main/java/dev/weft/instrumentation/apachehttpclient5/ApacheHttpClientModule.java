package dev.weft.instrumentation.apachehttpclient5;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
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
  static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient5.";
  private static final String REQUEST = "org.apache.hc.core5.http.ClassicHttpRequest";

  /** Where a connection is leased: the route, which is the pool's key, becomes the instance's. */
  static final HookCall LEASE =
      HookCall.enforcesArgument(
          argument(1, "org.apache.hc.client5.http.HttpRoute"),
          PACKAGE + "RouteHook",
          field("manager"),
          argument(3, "org.apache.hc.client5.http.protocol.HttpClientContext"));

  /**
   * {@code execute} of the handlers that a hop enters first: {@code HttpRequestRetryExec} or, where
   * the application wants no retries, {@code ProtocolExec}.
   */
  private static final HookCall HOP =
      HookCall.decides(
              PACKAGE + "ExecuteHook",
              self(),
              argument(0, REQUEST),
              argument(1, "org.apache.hc.client5.http.classic.ExecChain$Scope"),
              argument(2, "org.apache.hc.client5.http.classic.ExecChain"))
          .answering("org.apache.hc.core5.http.ClassicHttpResponse");

  /** {@code MinimalHttpClient.doExecute}: that client has no chain, a call of it is one hop. */
  private static final HookCall MINIMAL =
      HookCall.decides(
              PACKAGE + "MinimalHook",
              self(),
              argument(0, "org.apache.hc.core5.http.HttpHost"),
              argument(1, REQUEST),
              argument(2, "org.apache.hc.core5.http.protocol.HttpContext"))
          .answering("org.apache.hc.client5.http.impl.classic.CloseableHttpResponse");

  /**
   * The operator's {@code connect}, of which each version has more overloads: of an attempt, the
   * mesh makes the connection.
   */
  private static final HookCall CONNECT =
      HookCall.decides(PACKAGE + "ConnectHook", nothing(), arguments());

  /** For the service loader. */
  public ApacheHttpClientModule() {
    super(
        "apache-httpclient-5.0",
        Role.ENFORCING,
        named("Apache HttpClient 5")
            .requires(CLASSIC + "HttpRequestRetryExec", "execute")
            .requires(CLASSIC + "ProtocolExec", "execute")
            .requires(
                CLASSIC + "InternalExecRuntime",
                "acquireEndpoint",
                "manager",
                "cancellableDependency")
            .requires(OPERATOR, "connect")
            .build());
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
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            Arrays.asList(CLASSIC + "HttpRequestRetryExec", CLASSIC + "ProtocolExec"),
            bind("execute", HOP)),
        TypeInstrumentation.of(CLASSIC + "MinimalHttpClient", bind("doExecute", MINIMAL)),
        TypeInstrumentation.of(CLASSIC + "InternalExecRuntime", bind("acquireEndpoint", LEASE)),
        TypeInstrumentation.of(OPERATOR, bind("connect", CONNECT)));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
