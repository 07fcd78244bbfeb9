package dev.weft.policy.schema;

import org.jspecify.annotations.Nullable;

/** A constraint on a text. */
@FunctionalInterface
public interface Check {
  /** Returns what is wrong with the text and what to do, or null when nothing is. */
  @Nullable String problem(String text);

  /** Returns a check for both, the first problem counts. */
  default Check and(Check other) {
    return text -> {
      String problem = problem(text);
      return problem != null ? problem : other.problem(text);
    };
  }
}
