package dev.weft.instrumentation.apachehttpclient;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
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
  private static final String PARTS_FROM_POOL =
      "Lorg/apache/http/nio/conn/NHttpClientConnectionManager;"
          + "Lorg/apache/http/ConnectionReuseStrategy;"
          + "Lorg/apache/http/conn/ConnectionKeepAliveStrategy;)V";

  /** Its order is what the hook knows; the oldest has the future of the call in the midst. */
  private static final String[] PARTS = {
    "<init>(Lorg/apache/commons/logging/Log;"
        + "Lorg/apache/http/client/protocol/HttpClientContext;"
        + PARTS_FROM_POOL,
    "<init>(Lorg/apache/commons/logging/Log;"
        + "Lorg/apache/http/client/protocol/HttpClientContext;"
        + "Lorg/apache/http/concurrent/BasicFuture;"
        + PARTS_FROM_POOL
  };

  private static final String LEASE = "requestConnection";
  private static final String RESOLVER =
      "org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager$InternalAddressResolver";
  private static final String RESOLVE =
      "(Lorg/apache/http/conn/routing/HttpRoute;)Ljava/net/SocketAddress;";
  private static final String PACKAGE = "dev.weft.instrumentation.apachehttpclient.";

  /** For the service loader. */
  public ApacheExchangeModule() {
    super(
        "apache-httpasyncclient-4.1",
        Role.ENFORCING,
        Library.named("Apache HttpAsyncClient")
            .versions("4.1", "5")
            .versionFrom(
                "META-INF/maven/org.apache.httpcomponents/httpasyncclient/pom.properties",
                "version")
            .requires(HANDLER, "connmgr", "routeRef", LEASE + "()V")
            .requiresOneOf(HANDLER, PARTS)
            .requires(RESOLVER, "resolveRemoteAddress" + RESOLVE)
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            HANDLER,
            AdviceBinding.of("<init>", AdviceBinding.ANY, PACKAGE + "ExchangeAdvice"),
            // What it throws, the future of the call fails with.
            AdviceBinding.of(
                LEASE,
                "()V",
                HookCall.decides(PACKAGE + "LeaseHook", field("connmgr"), field("routeRef")))),
        TypeInstrumentation.of(
            RESOLVER,
            AdviceBinding.of(
                "resolveRemoteAddress",
                RESOLVE,
                HookCall.decides(PACKAGE + "AddressHook", nothing(), argument(0)))));
  }
}
