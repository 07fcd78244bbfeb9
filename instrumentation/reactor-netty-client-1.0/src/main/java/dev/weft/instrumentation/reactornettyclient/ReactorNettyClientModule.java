package dev.weft.instrumentation.reactornettyclient;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.arguments;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/** The HTTP client of Reactor Netty: what is woven, and where. */
public final class ReactorNettyClientModule extends InstrumentationModule {
  static final String CLIENT = "reactor.netty.http.client.";
  private static final String PACKAGE = "dev.weft.instrumentation.reactornettyclient.";

  /** For the service loader. */
  public ReactorNettyClientModule() {
    super(
        "reactor-netty-client-1.0",
        Role.ENFORCING,
        Library.named("Reactor Netty, HTTP client")
            .versions("1.0", "2")
            .versionFromManifest(CLIENT + "HttpClient")
            .requires(CLIENT + "HttpConnectionProvider", "acquire")
            .requires(
                CLIENT + "HttpClientConnect$HttpClientHandler",
                "requestWithBody",
                "toURI",
                "method",
                "defaultHeaders",
                "shouldRetry")
            .requires(CLIENT + "HttpClientConfig", "defaultOnChannelInit", "protocols")
            .requires(
                CLIENT + "UriEndpoint",
                "isSecure",
                "getRemoteAddress",
                "getPathAndQuery",
                "toExternalForm")
            .requires(CLIENT + "HttpClientOperations", "getNettyRequest")
            .opens("reactor.netty.http.client", "reactor.netty.transport")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            CLIENT + "HttpConnectionProvider",
            bind(
                "acquire",
                HookCall.decides(PACKAGE + "AcquireHook", self(), arguments())
                    .leavingBy(PACKAGE + "AcquireAdvice"))),
        TypeInstrumentation.of(
            CLIENT + "HttpClientConfig",
            // What is done to a new channel. May fail: a hop sends nothing on a channel that is not
            // as its attempt demands.
            bind("defaultOnChannelInit", HookCall.changesResult(PACKAGE + "ChannelHook"))),
        TypeInstrumentation.of(
            CLIENT + "HttpClientConnect$HttpClientHandler",
            bind("requestWithBody", HookCall.changesResult(PACKAGE + "RequestHook", argument(0)))));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
