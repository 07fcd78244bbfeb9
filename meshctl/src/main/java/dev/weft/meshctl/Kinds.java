package dev.weft.meshctl;

import dev.weft.policy.resource.ResourceKind;

/** Turns what the user typed into a kind. */
final class Kinds {
  private Kinds() {}

  static ResourceKind named(String text) {
    ResourceKind kind = ResourceKind.named(text);
    if (kind == null) {
      throw CommandFailure.of(
          "error: Weft does not have a kind \"" + text + "\"; it has " + ResourceKind.knownNames());
    }
    return kind;
  }
}
