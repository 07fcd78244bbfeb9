package dev.weft.instrumentation.recognised;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Open Liberty and WebSphere Liberty, which have a channel framework of their own. */
public final class OpenLibertyModule extends RecognisedServer {
  /** Loaded when the first HTTP endpoint starts; asked for each connection. */
  private static final String CHANNEL =
      "com.ibm.ws.http.dispatcher.internal.channel.HttpDispatcherChannel";

  /** For the service loader. */
  public OpenLibertyModule() {
    super(
        "open-liberty",
        Library.named("Open Liberty")
            .requires(CHANNEL, "getConnectionLink")
            .notWoven(REASON)
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(
        TypeInstrumentation.of(
            CHANNEL, AdviceBinding.closing("getConnectionLink", AdviceBinding.ANY)));
  }
}
