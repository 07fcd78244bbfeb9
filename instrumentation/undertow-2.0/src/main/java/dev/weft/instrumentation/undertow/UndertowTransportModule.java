package dev.weft.instrumentation.undertow;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
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
  private static final String PACKAGE = UndertowModule.PACKAGE;

  /** For the service loader. */
  public UndertowTransportModule() {
    super("undertow-2.0-transport", Role.OBSERVING, UndertowModule.LIBRARY);
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.of(
            UndertowModule.LISTENER,
            // An outcome says that our hook hears the connection first, and comes back here when it
            // knows what is spoken. Without it the connection is taken for plaintext, and the gate
            // decides on that.
            AdviceBinding.of(
                "handleEvent",
                UndertowModule.ACCEPT,
                HookCall.skips(PACKAGE + "AcceptHook", self(), argument(0), argument(1)))),
        TypeInstrumentation.of(
            "io.undertow.Undertow",
            AdviceBinding.of("start", "()V", HookCall.listening(PACKAGE + "PortHook")),
            AdviceBinding.of("stop", "()V", HookCall.stopping(PACKAGE + "PortHook"))));
  }
}
