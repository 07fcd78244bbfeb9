package dev.weft.dataplane.filter;

import org.jspecify.annotations.Nullable;

/**
 * What a filter decides: proceed, reject with a local reply, wait first, wait in line, or ask. A
 * filter never waits and never calls the next one; the driver that asked acts on the verdict.
 * Immutable.
 */
public final class Verdict {
  private enum Kind {
    PROCEED,
    REJECT,
    DELAY,
    QUEUE,
    ELSEWHERE,
    AGAIN,
    ASK
  }

  /** Go on with the next stage. */
  public static final Verdict PROCEED = new Verdict(Kind.PROCEED, 0, null, null);

  /** This endpoint takes no call now; balance again without it. Only BREAK says so. */
  public static final Verdict ELSEWHERE = new Verdict(Kind.ELSEWHERE, 0, null, null);

  private final Kind kind;
  private final long delayNanos;
  private final @Nullable LocalReply reply;
  private final @Nullable Question question;

  private Verdict(
      Kind kind, long delayNanos, @Nullable LocalReply reply, @Nullable Question question) {
    this.kind = kind;
    this.delayNanos = delayNanos;
    this.reply = reply;
    this.question = question;
  }

  /** End the exchange with this reply. */
  public static Verdict reject(LocalReply reply) {
    return new Verdict(Kind.REJECT, 0, reply, null);
  }

  /** Wait so many nanoseconds, then proceed. Zero or less proceeds at once. */
  public static Verdict delay(long nanos) {
    return nanos <= 0 ? PROCEED : new Verdict(Kind.DELAY, nanos, null, null);
  }

  /**
   * Wait in line, so many nanoseconds at most (0 or less: not at all), then ask the same stage
   * again. Only ADMIT says so.
   */
  public static Verdict queue(long mostNanos) {
    return new Verdict(Kind.QUEUE, Math.max(0, mostNanos), null, null);
  }

  /** Wait so many nanoseconds, then reject. */
  public static Verdict delayThenReject(long nanos, LocalReply reply) {
    return new Verdict(Kind.REJECT, Math.max(0, nanos), reply, null);
  }

  /** Wait so many nanoseconds (0: not at all), then make another attempt. Only RETRY says so. */
  public static Verdict again(long nanos) {
    return new Verdict(Kind.AGAIN, Math.max(0, nanos), null, null);
  }

  /** Ask first; the answer decides. Only stages of the inbound side say so. */
  public static Verdict ask(Question question) {
    return new Verdict(Kind.ASK, 0, null, question);
  }

  /** Whether the next stage may run at once. */
  public boolean proceeds() {
    return kind == Kind.PROCEED;
  }

  /** How long the driver waits before it acts; 0 when not at all. */
  public long delayNanos() {
    return delayNanos;
  }

  /** Whether the exchange waits in line, {@link #delayNanos} at most. */
  public boolean queues() {
    return kind == Kind.QUEUE;
  }

  /** The reply that ends the exchange after the delay, or null when it goes on. */
  public @Nullable LocalReply reply() {
    return reply;
  }

  /** What has to be asked before the stage can decide; null when it has decided. */
  public @Nullable Question question() {
    return question;
  }

  /** Whether another endpoint has to be picked for this attempt. */
  public boolean elsewhere() {
    return kind == Kind.ELSEWHERE;
  }

  /** Whether another attempt has to be made. */
  public boolean again() {
    return kind == Kind.AGAIN;
  }

  @Override
  public String toString() {
    return kind
        + (delayNanos > 0 ? " after " + delayNanos + " ns" : "")
        + (reply == null ? "" : " " + reply);
  }
}
