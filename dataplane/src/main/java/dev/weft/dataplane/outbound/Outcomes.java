package dev.weft.dataplane.outbound;

import org.jspecify.annotations.Nullable;

/** What both drivers make of an attempt's end. Thread-safe. */
final class Outcomes {
  private static final FailureClassifier FALLBACK = new NetworkFailureClassifier();

  private final FailureClassifier injected;

  Outcomes(FailureClassifier injected) {
    this.injected = injected;
  }

  /** The adapter knows its library best, then what was injected, then the JDK's exceptions. */
  FailureKind kind(@Nullable FailureKind byAdapter, Throwable failure) {
    FailureKind kind = byAdapter == null ? injected.classify(failure) : byAdapter;
    if (kind == null) {
      kind = FALLBACK.classify(failure);
    }
    return kind == null ? FailureKind.OTHER : kind;
  }
}
