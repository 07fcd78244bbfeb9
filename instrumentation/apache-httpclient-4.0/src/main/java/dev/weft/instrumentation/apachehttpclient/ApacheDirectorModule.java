package dev.weft.instrumentation.apachehttpclient;

import static dev.weft.agent.extension.HandedValue.argument;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * The clients of Apache HttpClient 4.0 to 4.2 ({@code DefaultHttpClient} and all other {@code
 * AbstractHttpClient}s), which 4.3 to 4.5 deprecate and still ship.
 */
public final class ApacheDirectorModule extends InstrumentationModule {
  private static final String DIRECTOR = "org.apache.http.impl.client.DefaultRequestDirector";
  private static final String OPERATOR =
      "org.apache.http.impl.conn.DefaultClientConnectionOperator";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient.";

  /** The constructor of 4.0, which all later versions kept: its order is what the hook knows. */
  private static final String PARTS =
      "<init>(Lorg/apache/http/protocol/HttpRequestExecutor;"
          + "Lorg/apache/http/conn/ClientConnectionManager;"
          + "Lorg/apache/http/ConnectionReuseStrategy;"
          + "Lorg/apache/http/conn/ConnectionKeepAliveStrategy;"
          + "Lorg/apache/http/conn/routing/HttpRoutePlanner;"
          + "Lorg/apache/http/protocol/HttpProcessor;"
          + "Lorg/apache/http/client/HttpRequestRetryHandler;"
          + "Lorg/apache/http/client/RedirectHandler;"
          + "Lorg/apache/http/client/AuthenticationHandler;"
          + "Lorg/apache/http/client/AuthenticationHandler;"
          + "Lorg/apache/http/client/UserTokenHandler;"
          + "Lorg/apache/http/params/HttpParams;)V";

  /** For the service loader. */
  public ApacheDirectorModule() {
    super(
        "apache-httpclient-4.0",
        Role.ENFORCING,
        Library.named("Apache HttpClient")
            .versions("4.0", "5")
            .versionFrom(
                "META-INF/maven/org.apache.httpcomponents/httpclient/pom.properties", "version")
            .versionFrom("org/apache/http/client/version.properties", "info.release")
            .requires(DIRECTOR, PARTS, "execute")
            .requires(OPERATOR, "openConnection")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            DIRECTOR, AdviceBinding.of("<init>", AdviceBinding.ANY, PACKAGE + "DirectorAdvice")),
        TypeInstrumentation.of(
            OPERATOR,
            AdviceBinding.of(
                "openConnection",
                AdviceBinding.ANY,
                HookCall.decides(
                    PACKAGE + "OperatorHook",
                    argument(0),
                    argument(1),
                    argument(3, "org.apache.http.protocol.HttpContext"),
                    argument(4)))));
  }
}
