package dev.weft.instrumentation.recognised;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Role;

/**
 * A server with a transport of its own that no unit is for. It is recognised, so that its instances
 * say that calls come in unchecked, and are not ready where policy is STRICT (docs/safety.md).
 */
abstract class RecognisedServer extends InstrumentationModule {
  static final String REASON =
      "there is no unit for its transport: it takes no mesh TLS, and no gate stands before its"
          + " applications";

  @Override
  public final Role role() {
    return Role.ENFORCING;
  }

  @Override
  public final boolean guardsApplication() {
    return true;
  }
}
