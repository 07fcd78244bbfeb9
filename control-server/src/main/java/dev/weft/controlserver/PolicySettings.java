package dev.weft.controlserver;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where policy comes from and how much of its past is kept.
 *
 * @param history how many changes can be taken back, 1 to {@value #MOST_HISTORY}
 * @param directory whose content is the policy, or null when it is changed by the API only
 */
public record PolicySettings(int history, @Nullable Path directory) {
  /** Each entry holds what its change replaced, so more would fill the disk before it helps. */
  static final int MOST_HISTORY = 10_000;

  /** Settings as the command line has them when nothing is given. */
  public static final PolicySettings DEFAULT = new PolicySettings(100, null);
}
