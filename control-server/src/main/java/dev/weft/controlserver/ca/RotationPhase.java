package dev.weft.controlserver.ca;

/** How far the replacement of the root has come. */
public enum RotationPhase {
  /** One root. */
  STABLE("no rotation is under way: prepare comes first"),
  /** The next root is trusted, the present one signs. */
  PREPARED("the rotation is prepared: promote comes next"),
  /** The new root signs, the old one is still trusted. */
  PROMOTED("the new root signs already: finish comes next");

  private final String next;

  RotationPhase(String next) {
    this.next = next;
  }

  /**
   * Holds this phase to be the one that a step is for.
   *
   * @throws IllegalStateException saying which step comes next
   */
  void require(RotationPhase needed) {
    if (this != needed) {
      throw new IllegalStateException(next);
    }
  }
}
