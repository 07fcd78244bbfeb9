package dev.weft.bootstrap;

import org.jspecify.annotations.Nullable;

/**
 * The right to let the library's own method body run.
 *
 * <p>Enforcing advice skips the body unless it holds one ({@code skipOn =
 * Advice.OnDefaultValue.class}), so that a bug, a linkage error or a missing class refuses rather
 * than admits.
 */
public final class Permit {
  /** The one permit. Compare by identity. */
  public static final Permit GRANTED = new Permit();

  private Permit() {}

  /**
   * {@code outcome} as the answer of enforcing advice.
   *
   * @return {@link #GRANTED} when that is what the hook answered, else null, which skips the body
   */
  public static @Nullable Object orNull(@Nullable Object outcome) {
    return outcome == GRANTED ? GRANTED : null;
  }

  @Override
  public String toString() {
    return "Permit.GRANTED";
  }
}
