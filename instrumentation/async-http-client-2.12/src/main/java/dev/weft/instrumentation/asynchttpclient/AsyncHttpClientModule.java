package dev.weft.instrumentation.asynchttpclient;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HandedValue;
import dev.weft.agent.extension.HookCall;
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
  public AsyncHttpClientModule() {
    super(
        "async-http-client-2.12",
        Role.ENFORCING,
        Library.named("AsyncHttpClient")
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
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            NETTY + "request.NettyRequestSender",
            decides("sendRequest", "Send", self(), arguments()),
            decides("resolveAddresses", "Resolve", self(), argument(0), argument(2)),
            decides("writeRequest", "Write", nothing(), argument(0), argument(1)),
            // Whether the application sends again by a filter. May fail: the filter decides then.
            bind(
                "applyIoExceptionFiltersAndReplayRequest",
                HookCall.skips(PACKAGE + "RetryHook", argument(0)))),
        TypeInstrumentation.of(
            NETTY + "NettyResponseFuture",
            // What fails is an attempt first. May fail: the call ends then.
            bind("abort", HookCall.skips(PACKAGE + "AbortHook", self(), argument(0))),
            // Whether the library sends again by itself.
            bind("incrementRetryAndCheck", HookCall.changesResult(PACKAGE + "RetryHook", self())),
            // Where a channel belongs in the pool.
            bind("getPartitionKey", HookCall.changesResult(PACKAGE + "KeyHook", self()))),
        TypeInstrumentation.of(
            NETTY + "handler.intercept.Interceptors",
            bind(
                "exitAfterIntercept",
                HookCall.skips(
                        PACKAGE + "InterceptHook", nothing(), argument(0), argument(1), argument(3))
                    .leavingBy(PACKAGE + "InterceptAdvice"))),
        TypeInstrumentation.of(
            NETTY + "channel.NettyConnectListener",
            // A new channel is connected. May fail: no request is written on a channel that is not
            // as its attempt demands.
            bind(
                "onSuccess",
                HookCall.skips(
                    PACKAGE + "ConnectHook", self(), field("future"), argument(0), argument(1)))));
  }

  /** What failed, the library hears in a way of its own. */
  private static AdviceBinding decides(String method, String name, HandedValue... handed) {
    return bind(
        method,
        HookCall.decides(PACKAGE + name + "Hook", handed).leavingBy(PACKAGE + name + "Advice"));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
