package dev.weft.agent.weave;

/** A class to weave when the weaver warms up; nothing else uses it. */
final class Warm {
  private Warm() {}

  static Object warm(Object value) {
    return value;
  }
}
