package dev.weft.controlserver.ca;

/** How far the replacement of the root has come. */
public enum RotationPhase {
  /** One root. */
  STABLE,
  /** The next root is trusted, the present one signs. */
  PREPARED,
  /** The new root signs, the old one is still trusted. */
  PROMOTED
}
