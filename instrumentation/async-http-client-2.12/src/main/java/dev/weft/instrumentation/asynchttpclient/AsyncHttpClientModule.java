package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** AsyncHttpClient: what is woven, and where. */
public final class AsyncHttpClientModule extends InstrumentationModule {
  private static final String NETTY = "org.asynchttpclient.netty.";
  private static final String PACKAGE = "dev.weft.instrumentation.asynchttpclient.";

  /** For the service loader. */
  public AsyncHttpClientModule() {}

  @Override
  public String name() {
    return "async-http-client-2.12";
  }

  @Override
  public Library library() {
    return Library.named("AsyncHttpClient")
        .versions("2.12", "4")
        .versionFrom(
            "META-INF/maven/org.asynchttpclient/async-http-client/pom.properties", "version")
        .requires(
            NETTY + "request.NettyRequestSender",
            "sendRequest",
            "newNettyRequestAndResponseFuture",
            "resolveAddresses",
            "scheduleRequestTimeout",
            "writeRequest",
            "applyIoExceptionFiltersAndReplayRequest",
            "config",
            "channelManager")
        .requires(NETTY + "NettyResponseFuture", "abort", "getPartitionKey")
        .requires(NETTY + "handler.intercept.Interceptors", "exitAfterIntercept")
        .requires(NETTY + "channel.NettyConnectListener", "onSuccess", "future")
        .opens(NETTY + "request")
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
            NETTY + "request.NettyRequestSender",
            bind("sendRequest", "SendAdvice"),
            bind("resolveAddresses", "ResolveAdvice"),
            bind("writeRequest", "WriteAdvice"),
            bind("applyIoExceptionFiltersAndReplayRequest", "FilterAdvice")),
        TypeInstrumentation.of(
            NETTY + "NettyResponseFuture",
            bind("abort", "AbortAdvice"),
            bind("incrementRetryAndCheck", "RetryAdvice"),
            bind("getPartitionKey", "KeyAdvice")),
        TypeInstrumentation.of(
            NETTY + "handler.intercept.Interceptors",
            bind("exitAfterIntercept", "InterceptAdvice")),
        TypeInstrumentation.of(
            NETTY + "channel.NettyConnectListener", bind("onSuccess", "ConnectAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }
}
