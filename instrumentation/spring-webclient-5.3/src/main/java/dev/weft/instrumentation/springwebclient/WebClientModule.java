package dev.weft.instrumentation.springwebclient;

import static dev.weft.agent.extension.HandedValue.argument;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/**
 * Spring's {@code WebClient}: where a request of it is whole, and not yet handed to a client.
 *
 * <p>Observing: without it calls are made and secured as ever, by the client below.
 */
public final class WebClientModule extends InstrumentationModule {
  private static final String PACKAGE = "org.springframework.web.reactive.function.client.";
  private static final String EXCHANGE = PACKAGE + "ExchangeFunctions$DefaultExchangeFunction";

  /** For the service loader. */
  public WebClientModule() {
    super(
        "spring-webclient-5.3",
        Role.OBSERVING,
        Library.named("Spring WebClient")
            .versions("5.3", "8")
            .versionFromManifest(PACKAGE + "WebClient")
            .requires(EXCHANGE, "exchange")
            .requires(PACKAGE + "ClientRequest", "headers", "cookies")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            EXCHANGE,
            AdviceBinding.of(
                "exchange",
                AdviceBinding.ANY,
                HookCall.changesResult(
                    "dev.weft.instrumentation.springwebclient.ExchangeHook", argument(0)))));
  }
}
