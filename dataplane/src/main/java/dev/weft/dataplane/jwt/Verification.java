package dev.weft.dataplane.jwt;

import org.jspecify.annotations.Nullable;

/** What came of a token: what it says, or why it is refused. Immutable. */
public final class Verification {
  private final @Nullable VerifiedToken token;
  private final @Nullable TokenProblem problem;

  private Verification(@Nullable VerifiedToken token, @Nullable TokenProblem problem) {
    this.token = token;
    this.problem = problem;
  }

  static Verification of(VerifiedToken token) {
    return new Verification(token, null);
  }

  static Verification refused(TokenProblem problem) {
    return new Verification(null, problem);
  }

  /** Null when the token is refused. */
  public @Nullable VerifiedToken token() {
    return token;
  }

  /** Null when the token is taken. */
  public @Nullable TokenProblem problem() {
    return problem;
  }
}
