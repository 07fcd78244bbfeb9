package dev.weft.dataplane.outbound;

import org.jspecify.annotations.Nullable;

/** Says what an exception of a library means. Thread-safe, must not throw. */
public interface FailureClassifier {
  /** The kind, or null when this classifier does not know. */
  @Nullable FailureKind classify(Throwable failure);
}
