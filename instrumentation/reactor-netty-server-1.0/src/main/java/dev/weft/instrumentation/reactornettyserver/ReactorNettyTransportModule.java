package dev.weft.instrumentation.reactornettyserver;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
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
  private static final String ADVICE = ReactorNettyServerModule.ADVICE;

  @Override
  public String name() {
    return "reactor-netty-server-1.0-transport";
  }

  @Override
  public Library library() {
    return ReactorNettyServerModule.LIBRARY;
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            ReactorNettyServerModule.INITIALIZER,
            AdviceBinding.of(
                "onChannelInit", ReactorNettyServerModule.INIT, ADVICE + "AcceptAdvice")),
        TypeInstrumentation.of(
            ReactorNettyServerModule.BIND,
            AdviceBinding.of("onNext", ReactorNettyServerModule.BOUND, ADVICE + "BoundAdvice")),
        TypeInstrumentation.of(
            "reactor.netty.channel.ChannelOperations",
            AdviceBinding.of(
                    "disposeSubscriber",
                    "()Lreactor/core/CoreSubscriber;",
                    ADVICE + "SubscriberAdvice")
                .optional()));
  }
}
