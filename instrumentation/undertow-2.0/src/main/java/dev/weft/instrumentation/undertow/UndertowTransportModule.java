package dev.weft.instrumentation.undertow;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * Undertow 2: mTLS on its HTTP listeners, and which ports they have.
 *
 * <p>Apart from the gate, because a listener that is closed would hold connections that nobody
 * ends. Nothing is lost by it: without these every peer is nobody, and the gate decides on that.
 */
public final class UndertowTransportModule extends InstrumentationModule {
  private static final String ADVICE = UndertowModule.ADVICE;

  @Override
  public String name() {
    return "undertow-2.0-transport";
  }

  @Override
  public Library library() {
    return UndertowModule.LIBRARY;
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            UndertowModule.LISTENER,
            AdviceBinding.of("handleEvent", UndertowModule.ACCEPT, ADVICE + "AcceptAdvice")),
        TypeInstrumentation.of(
            "io.undertow.Undertow",
            AdviceBinding.of("start", "()V", ADVICE + "StartAdvice"),
            AdviceBinding.of("stop", "()V", ADVICE + "StopAdvice")));
  }
}
