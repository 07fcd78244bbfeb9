package dev.weft.controlserver;

/**
 * Where policy comes from and how much of its past is kept.
 *
 * @param history how many changes can be taken back, 1 to {@value #MOST_HISTORY}
 */
public record PolicySettings(int history) {
  /** Each entry holds what its change replaced, so more would fill the disk before it helps. */
  static final int MOST_HISTORY = 10_000;

  /** Settings as the command line has them when nothing is given. */
  public static final PolicySettings DEFAULT = new PolicySettings(100);
}
