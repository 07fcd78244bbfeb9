package dev.weft.bootstrap;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What came of a call that the agent drove itself: a value, or a failure native to the library.
 * Immutable.
 *
 * <p>A hook answers an outcome instead of a {@link Permit} when the library's body must not run
 * (again): advice skips the body and hands the outcome to the caller. Advice asks through the
 * static methods, which also know the answer when there is no outcome because the hook itself
 * failed.
 */
public final class Outcome {
  /** Message of a refusal because a hook itself failed. */
  public static final String UNDECIDED =
      "refused by the service mesh: its agent could not decide on this call";

  private final @Nullable Object value;
  private final @Nullable Throwable failure;

  private Outcome(@Nullable Object value, @Nullable Throwable failure) {
    this.value = value;
    this.failure = failure;
  }

  /** The call returned {@code value}, which may be null. */
  public static Outcome returned(@Nullable Object value) {
    return new Outcome(value, null);
  }

  /** The call failed; {@code failure} is of a type the caller of the library expects. */
  public static Outcome failed(Throwable failure) {
    return new Outcome(null, failure);
  }

  /** The value the skipped method shall return; null when {@code outcome} is none or a failure. */
  public static @Nullable Object value(@Nullable Object outcome) {
    return outcome instanceof Outcome ? ((Outcome) outcome).value : null;
  }

  /**
   * What the skipped method shall throw: null for a value, the failure for a failure, and a fresh
   * {@link IOException} when {@code outcome} is no outcome at all, that is, when the hook could not
   * decide.
   */
  public static @Nullable Throwable failure(@Nullable Object outcome) {
    return outcome instanceof Outcome ? ((Outcome) outcome).failure : new IOException(UNDECIDED);
  }

  /**
   * What advice throws that has no body to skip, when its hook failed: never an unchecked
   * exception, which callers of the library do not expect.
   */
  public static IOException refusal(Throwable defect) {
    return new IOException(UNDECIDED, defect);
  }

  @Override
  public String toString() {
    return failure == null ? "returned " + value : "failed with " + failure;
  }
}
