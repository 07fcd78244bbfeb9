package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.AdviceBinding;
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
  public ReactorNettyClientModule() {}

  @Override
  public String name() {
    return "reactor-netty-client-1.0";
  }

  @Override
  public Library library() {
    return Library.named("Reactor Netty, HTTP client")
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
        .build();
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(CLIENT + "HttpConnectionProvider", bind("acquire", "AcquireAdvice")),
        TypeInstrumentation.of(
            CLIENT + "HttpClientConfig", bind("defaultOnChannelInit", "ChannelAdvice")),
        TypeInstrumentation.of(
            CLIENT + "HttpClientConnect$HttpClientHandler",
            bind("requestWithBody", "RequestAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, PACKAGE + advice);
  }
}
