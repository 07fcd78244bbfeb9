package dev.weft.instrumentation.reactornettyserver;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.field;
import static dev.weft.agent.extension.HandedValue.nothing;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * Reactor Netty's {@code HttpServer}: mTLS on its connections, which ports it has, and the trace of
 * a request in Reactor's context.
 *
 * <p>Apart from the gate, because a server whose connections cannot be prepared would serve none.
 * Nothing is lost by it: without these every peer is nobody, and the gate decides on that.
 */
public final class ReactorNettyTransportModule extends InstrumentationModule {
  private static final String PACKAGE = ReactorNettyServerModule.PACKAGE;

  /** For the service loader. */
  public ReactorNettyTransportModule() {
    super("reactor-netty-server-1.0-transport", Role.OBSERVING, ReactorNettyServerModule.LIBRARY);
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            ReactorNettyServerModule.INITIALIZER,
            // Gives each connection its handlers. Without our own among them it is taken for
            // plaintext, and the gate decides on that.
            AdviceBinding.of(
                "onChannelInit",
                ReactorNettyServerModule.INIT,
                HookCall.after(
                    PACKAGE + "AcceptHook", nothing(), argument(1), field("sslProvider")))),
        TypeInstrumentation.of(
            ReactorNettyServerModule.BIND,
            AdviceBinding.of(
                "onNext",
                ReactorNettyServerModule.BOUND,
                HookCall.listening(PACKAGE + "PortHook"))),
        TypeInstrumentation.of(
            "reactor.netty.channel.ChannelOperations",
            // What subscribes to the answer of a handler, while the request is current.
            AdviceBinding.of(
                    "disposeSubscriber",
                    "()Lreactor/core/CoreSubscriber;",
                    HookCall.changesResult(PACKAGE + "SubscriberHook", self()))
                .optional()));
  }
}
