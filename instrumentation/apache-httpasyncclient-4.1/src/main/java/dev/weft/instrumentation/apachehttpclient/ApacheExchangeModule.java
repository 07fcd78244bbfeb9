package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** Apache HttpAsyncClient 4.1, the asynchronous companion of HttpClient 4. */
public final class ApacheExchangeModule extends InstrumentationModule {
  private static final String HANDLER =
      "org.apache.http.impl.nio.client.AbstractClientExchangeHandler";
  private static final String RESOLVER =
      "org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager$InternalAddressResolver";
  private static final String RESOLVE =
      "(Lorg/apache/http/conn/routing/HttpRoute;)Ljava/net/SocketAddress;";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient.";

  /** For the service loader. */
  public ApacheExchangeModule() {}

  @Override
  public String name() {
    return "apache-httpasyncclient-4.1";
  }

  @Override
  public Library library() {
    return Library.named("Apache HttpAsyncClient")
        .versions("4.1", "5")
        .versionFrom(
            "META-INF/maven/org.apache.httpcomponents/httpasyncclient/pom.properties", "version")
        .requires(HANDLER, "<init>", "connmgr", "requestConnection")
        .requires(RESOLVER, "resolveRemoteAddress" + RESOLVE)
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
            HANDLER, AdviceBinding.of("<init>", AdviceBinding.ANY, PACKAGE + "ExchangeAdvice")),
        TypeInstrumentation.of(
            RESOLVER,
            AdviceBinding.of("resolveRemoteAddress", RESOLVE, PACKAGE + "AddressAdvice")));
  }
}
