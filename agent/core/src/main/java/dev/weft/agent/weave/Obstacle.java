package dev.weft.agent.weave;

/** Why an instrumentation is not applied, in one word. */
public enum Obstacle {
  /** Its version is not one the module is for. */
  VERSION("version"),
  /** Its classes have not the members the module needs. */
  SHAPE("shape"),
  /** A copy of the library under another package: its classes have other names. */
  SHADED("shaded"),
  /** There is no unit for any version of it. */
  UNSUPPORTED("unsupported"),
  /** Another agent changed the class before us, and now it does not fit. */
  OTHER_AGENT("other-agent"),
  /** Weaving it, or making its hook, failed. */
  FAILURE("failure");

  private final String text;

  Obstacle(String text) {
    this.text = text;
  }

  /** The word for reports and metrics. */
  public String text() {
    return text;
  }
}
