package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What telemetry does of the requests of a workload, where policy says something of it. */
public final class TelemetryPolicy {
  /** Of calls that the workload makes. */
  public final TelemetrySide client;

  /** Of requests that it serves. */
  public final TelemetrySide server;

  private TelemetryPolicy(Builder b) {
    this.client = b.client;
    this.server = b.server;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().client(client).server(server);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {client, server};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TelemetryPolicy
        && Arrays.equals(fields(), ((TelemetryPolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "TelemetryPolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private TelemetrySide client = TelemetrySide.unsaid();
    private TelemetrySide server = TelemetrySide.unsaid();

    private Builder() {}

    /** Sets {@link TelemetryPolicy#client}. */
    public Builder client(TelemetrySide client) {
      this.client = client;
      return this;
    }

    /** Sets {@link TelemetryPolicy#server}. */
    public Builder server(TelemetrySide server) {
      this.server = server;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public TelemetryPolicy build() {
      return new TelemetryPolicy(this);
    }
  }
}
