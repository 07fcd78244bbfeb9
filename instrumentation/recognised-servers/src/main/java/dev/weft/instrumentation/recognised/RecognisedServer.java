package dev.weft.instrumentation.recognised;

import dev.weft.agent.extension.GateModule;
import dev.weft.agent.extension.Library;

/**
 * A server with a transport of its own that no unit is for. It is recognised, so that its instances
 * say that calls come in unchecked, and are not ready where policy is STRICT (docs/safety.md).
 */
abstract class RecognisedServer extends GateModule {
  static final String REASON =
      "there is no unit for its transport: it takes no mesh TLS, and no gate stands before its"
          + " applications";

  RecognisedServer(String name, Library library) {
    super(name, library);
  }
}
