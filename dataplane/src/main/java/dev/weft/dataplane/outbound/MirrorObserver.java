package dev.weft.dataplane.outbound;

/** Hears what became of copies of requests. Thread-safe; must not throw. */
@FunctionalInterface
public interface MirrorObserver {
  /** Ignores everything. */
  MirrorObserver NONE = (host, outcome) -> {};

  /** What became of a copy. */
  enum Outcome {
    /** It was answered, with whatever status. */
    SENT("sent"),
    /** It could not be sent, or nobody answered. */
    FAILED("failed"),
    /** It was not tried: too many were waiting, or not all of the request is known. */
    DROPPED("dropped");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    /** As metrics have it. */
    public String word() {
      return word;
    }
  }

  /**
   * Hears of one copy.
   *
   * @param host canonical host of the service that was to get it, with {@code /subset}
   */
  void mirrored(String host, Outcome outcome);
}
