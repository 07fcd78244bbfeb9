package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hosts that stand for the one in the URL. */
public final class DatabaseRedirect {
  /** The hosts. */
  public final List<DatabaseHost> hosts;

  /** Whether read-only connections go to replicas. */
  public final boolean readWriteSplit;

  /** Connects failed in a row that eject a host. */
  public final int consecutiveFailures;

  /** Milliseconds of the first ejection; the nth in a row lasts n times as long. */
  public final long ejectionMillis;

  /** Milliseconds between TCP probes of every host; 0 probes none. */
  public final long probeMillis;

  private DatabaseRedirect(Builder b) {
    this.hosts = Copies.of(b.hosts);
    this.readWriteSplit = b.readWriteSplit;
    this.consecutiveFailures = b.consecutiveFailures;
    this.ejectionMillis = b.ejectionMillis;
    this.probeMillis = b.probeMillis;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .hosts(hosts)
        .readWriteSplit(readWriteSplit)
        .consecutiveFailures(consecutiveFailures)
        .ejectionMillis(ejectionMillis)
        .probeMillis(probeMillis);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      hosts, readWriteSplit, consecutiveFailures, ejectionMillis, probeMillis
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatabaseRedirect
        && Arrays.equals(fields(), ((DatabaseRedirect) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DatabaseRedirect" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private List<DatabaseHost> hosts = Collections.emptyList();
    private boolean readWriteSplit;
    private int consecutiveFailures = 3;
    private long ejectionMillis = 10_000L;
    private long probeMillis;

    private Builder() {}

    /** Sets {@link DatabaseRedirect#hosts}. */
    public Builder hosts(List<DatabaseHost> hosts) {
      this.hosts = hosts;
      return this;
    }

    /** Sets {@link DatabaseRedirect#readWriteSplit}. */
    public Builder readWriteSplit(boolean readWriteSplit) {
      this.readWriteSplit = readWriteSplit;
      return this;
    }

    /** Sets {@link DatabaseRedirect#consecutiveFailures}. */
    public Builder consecutiveFailures(int consecutiveFailures) {
      this.consecutiveFailures = consecutiveFailures;
      return this;
    }

    /** Sets {@link DatabaseRedirect#ejectionMillis}. */
    public Builder ejectionMillis(long ejectionMillis) {
      this.ejectionMillis = ejectionMillis;
      return this;
    }

    /** Sets {@link DatabaseRedirect#probeMillis}. */
    public Builder probeMillis(long probeMillis) {
      this.probeMillis = probeMillis;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public DatabaseRedirect build() {
      return new DatabaseRedirect(this);
    }
  }
}
