package dev.weft.agent.extension;

/**
 * The enforcing unit of a server, which stands in front of the application: {@link
 * InstrumentationModule#guardsApplication}.
 */
public abstract class GateModule extends InstrumentationModule {
  /** For subclasses; see {@link InstrumentationModule}. */
  protected GateModule(String name, Library library) {
    super(name, Role.ENFORCING, library);
  }

  @Override
  public final boolean guardsApplication() {
    return true;
  }
}
