package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One address at which an instance of a service answers. */
public final class Endpoint {
  /**
   * Stable for the life of the instance; state such as ejections is kept by it across snapshots.
   */
  public final String id;

  /** IP address or DNS name to connect to. */
  public final String address;

  /** TCP port, 1 to 65535. */
  public final int port;

  /** Labels that subsets select by. */
  public final Map<String, String> labels;

  /** {@code region/zone/sub-zone}, or empty when unknown. */
  public final String locality;

  /** Share of traffic relative to the others, at least 1. */
  public final int weight;

  /** The instance accepts mesh mTLS on this port. */
  public final boolean mtls;

  /** Identity that the instance must present; null only when {@link #mtls} is false. */
  public final @Nullable String spiffeId;

  /**
   * Callers may be sent here. One that is not ready is told to agents all the same: that it is
   * unfit is no sign of a control server that has forgotten it.
   */
  public final boolean ready;

  private Endpoint(Builder b) {
    this.id = b.id;
    this.address = b.address;
    this.port = b.port;
    this.labels = Copies.of(b.labels);
    this.locality = b.locality;
    this.weight = b.weight;
    this.mtls = b.mtls;
    this.spiffeId = b.spiffeId;
    this.ready = b.ready;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .id(id)
        .address(address)
        .port(port)
        .labels(labels)
        .locality(locality)
        .weight(weight)
        .mtls(mtls)
        .spiffeId(spiffeId)
        .ready(ready);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      id, address, port, labels, locality, weight, mtls, spiffeId, ready
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint && Arrays.equals(fields(), ((Endpoint) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Endpoint" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String id = "";
    private String address = "";
    private int port;
    private Map<String, String> labels = Collections.emptyMap();
    private String locality = "";
    private int weight = 1;
    private boolean mtls;
    private @Nullable String spiffeId = null;
    private boolean ready = true;

    private Builder() {}

    /** Sets {@link Endpoint#id}. */
    public Builder id(String id) {
      this.id = id;
      return this;
    }

    /** Sets {@link Endpoint#address}. */
    public Builder address(String address) {
      this.address = address;
      return this;
    }

    /** Sets {@link Endpoint#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link Endpoint#labels}. */
    public Builder labels(Map<String, String> labels) {
      this.labels = labels;
      return this;
    }

    /** Sets {@link Endpoint#locality}. */
    public Builder locality(String locality) {
      this.locality = locality;
      return this;
    }

    /** Sets {@link Endpoint#weight}. */
    public Builder weight(int weight) {
      this.weight = weight;
      return this;
    }

    /** Sets {@link Endpoint#mtls}. */
    public Builder mtls(boolean mtls) {
      this.mtls = mtls;
      return this;
    }

    /** Sets {@link Endpoint#spiffeId}. */
    public Builder spiffeId(@Nullable String spiffeId) {
      this.spiffeId = spiffeId;
      return this;
    }

    /** Sets {@link Endpoint#ready}. */
    public Builder ready(boolean ready) {
      this.ready = ready;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Endpoint build() {
      return new Endpoint(this);
    }
  }
}
