package dev.weft.instrumentation.httpserver;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
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
  private static final String PACKAGE = HttpServerModule.PACKAGE;
  private static final String SERVER = HttpServerModule.SERVER;

  /** For the service loader. */
  public HttpServerTransportModule() {
    super("jdk-httpserver-8-transport", Role.OBSERVING, HttpServerModule.LIBRARY);
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            SERVER + "ServerImpl$Dispatcher",
            AdviceBinding.of("handle", AdviceBinding.ANY, PACKAGE + "AcceptAdvice"),
            // A connection that has not made a request is watched as a new one; there may be more
            // of these than of idle ones.
            bind("reRegister", HookCall.skips(PACKAGE + "RegisterHook", self(), argument(0)))),
        TypeInstrumentation.of(
            SERVER + "ServerImpl",
            bind("start", HookCall.listening(PACKAGE + "PortHook")),
            bind("stop", HookCall.stopping(PACKAGE + "PortHook")),
            bind("addEvent", HookCall.before(PACKAGE + "ConclusionHook", argument(0)))),
        // Looks every ten seconds, so it finds the servers that listened before the agent came.
        TypeInstrumentation.of(
            SERVER + "ServerImpl$IdleTimeoutTask",
            bind("run", HookCall.polling(PACKAGE + "PortHook", field("this$0")))),
        TypeInstrumentation.of(
            SERVER + "ServerImpl$Exchange",
            // A body is asked for when its request is let in.
            bind(
                "sendReply",
                HookCall.skips(
                    PACKAGE + "ContinueHook", self(), field("connection"), argument(0)))),
        TypeInstrumentation.of(
            SERVER + "HttpConnection",
            // Selectors and addresses want the JDK's own channel.
            bind("getChannel", HookCall.changesResult(PACKAGE + "ChannelHook"))),
        TypeInstrumentation.of(
            SERVER + "Request$ReadStream",
            // By this the server tells whether the next request is there already: what TLS holds
            // decrypted no selector would see.
            bind(
                "available", HookCall.changesResult(PACKAGE + "AvailableHook", field("channel")))));
  }

  private static AdviceBinding bind(String method, HookCall call) {
    return AdviceBinding.of(method, AdviceBinding.ANY, call);
  }
}
