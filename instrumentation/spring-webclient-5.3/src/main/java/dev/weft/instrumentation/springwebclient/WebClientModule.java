package dev.weft.instrumentation.springwebclient;

import dev.weft.agent.extension.AdviceBinding;
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
  public WebClientModule() {}

  @Override
  public String name() {
    return "spring-webclient-5.3";
  }

  @Override
  public Library library() {
    return Library.named("Spring WebClient")
        .versions("5.3", "8")
        .versionFromManifest(PACKAGE + "WebClient")
        .requires(EXCHANGE, "exchange")
        .requires(PACKAGE + "ClientRequest", "headers", "cookies")
        .build();
  }

  @Override
  public Role role() {
    return Role.OBSERVING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            EXCHANGE,
            AdviceBinding.of(
                "exchange",
                AdviceBinding.ANY,
                "dev.weft.instrumentation.springwebclient.ExchangeAdvice")));
  }
}
