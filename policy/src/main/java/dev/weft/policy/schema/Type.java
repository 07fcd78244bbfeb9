package dev.weft.policy.schema;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a value must look like. Immutable.
 *
 * <p>Reading gives the value as plain Java: text as {@code String}, whole numbers as {@code Long},
 * others as {@code Double}, flags as {@code Boolean}, lists and maps.
 */
public abstract class Type {
  Type() {}

  /** Returns the value as plain Java; where it is wrong, adds problems and returns null. */
  public abstract @Nullable Object read(Value value, String path, Problems problems);

  /** Returns what is expected, for messages and for the reference page. */
  public abstract String describe();

  static boolean isNull(Value value) {
    return value instanceof Value.Scalar && ((Value.Scalar) value).isNull();
  }

  final @Nullable Object mismatch(Value value, String path, Problems problems) {
    problems.invalid(
        value.mark(),
        path,
        isNull(value)
            ? "has no value; give " + describe() + " or leave the field out"
            : "must be " + describe() + ", not " + value.describe());
    return null;
  }
}
