package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A failure made on purpose (Istio HTTPFaultInjection). */
public final class Fault {
  /** Delay before the request is sent, in milliseconds. */
  public final long delayMillis;

  /** Share of requests that are delayed, 0 to 100. */
  public final double delayPercent;

  /** Status to answer with, 200 to 599; 0 means no abort. */
  public final int abortStatus;

  /** gRPC status to answer with in its place, 0 to 16; -1 means none. */
  public final int abortGrpcStatus;

  /** Share of requests that are aborted, 0 to 100. */
  public final double abortPercent;

  private Fault(Builder b) {
    this.delayMillis = b.delayMillis;
    this.delayPercent = b.delayPercent;
    this.abortStatus = b.abortStatus;
    this.abortGrpcStatus = b.abortGrpcStatus;
    this.abortPercent = b.abortPercent;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .delayMillis(delayMillis)
        .delayPercent(delayPercent)
        .abortStatus(abortStatus)
        .abortGrpcStatus(abortGrpcStatus)
        .abortPercent(abortPercent);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      delayMillis, delayPercent, abortStatus, abortGrpcStatus, abortPercent
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Fault && Arrays.equals(fields(), ((Fault) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Fault" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long delayMillis;
    private double delayPercent;
    private int abortStatus;
    private int abortGrpcStatus = -1;
    private double abortPercent;

    private Builder() {}

    /** Sets {@link Fault#delayMillis}. */
    public Builder delayMillis(long delayMillis) {
      this.delayMillis = delayMillis;
      return this;
    }

    /** Sets {@link Fault#delayPercent}. */
    public Builder delayPercent(double delayPercent) {
      this.delayPercent = delayPercent;
      return this;
    }

    /** Sets {@link Fault#abortStatus}. */
    public Builder abortStatus(int abortStatus) {
      this.abortStatus = abortStatus;
      return this;
    }

    /** Sets {@link Fault#abortGrpcStatus}. */
    public Builder abortGrpcStatus(int abortGrpcStatus) {
      this.abortGrpcStatus = abortGrpcStatus;
      return this;
    }

    /** Sets {@link Fault#abortPercent}. */
    public Builder abortPercent(double abortPercent) {
      this.abortPercent = abortPercent;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Fault build() {
      return new Fault(this);
    }
  }
}
