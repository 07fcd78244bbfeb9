package dev.weft.instrumentation.httpserver;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * {@code HttpServer} of the Java runtime: mTLS on its port, and what happens around a request.
 *
 * <p>Apart from the gate, because these methods must never be closed: the dispatcher would lose its
 * connections. Nothing is lost by it. Without them every peer is nobody, and the gate decides on
 * that.
 */
public final class HttpServerTransportModule extends InstrumentationModule {
  private static final String SERVER = HttpServerModule.SERVER;

  @Override
  public String name() {
    return "jdk-httpserver-8-transport";
  }

  @Override
  public Library library() {
    return HttpServerModule.LIBRARY;
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            SERVER + "ServerImpl$Dispatcher",
            bind("handle", "AcceptAdvice"),
            bind("reRegister", "RegisterAdvice")),
        TypeInstrumentation.of(
            SERVER + "ServerImpl",
            bind("start", "StartAdvice"),
            bind("stop", "StopAdvice"),
            bind("addEvent", "ConclusionAdvice")),
        TypeInstrumentation.of(SERVER + "ServerImpl$IdleTimeoutTask", bind("run", "IdleAdvice")),
        TypeInstrumentation.of(SERVER + "ServerImpl$Exchange", bind("sendReply", "ContinueAdvice")),
        TypeInstrumentation.of(SERVER + "HttpConnection", bind("getChannel", "ChannelAdvice")),
        TypeInstrumentation.of(
            SERVER + "Request$ReadStream", bind("available", "AvailableAdvice")));
  }

  private static AdviceBinding bind(String method, String advice) {
    return AdviceBinding.of(method, AdviceBinding.ANY, HttpServerModule.ADVICE + advice);
  }
}
