package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One host of a database. */
public final class DatabaseHost {
  /** IP address or name. */
  public final String address;

  /** Port; 0 keeps that of the URL. */
  public final int port;

  /** Whether it only reads. */
  public final boolean replica;

  /** The one SPIFFE ID it may have when TLS is the mesh's; null for any of the trust domain. */
  public final @Nullable String spiffeId;

  private DatabaseHost(Builder b) {
    this.address = b.address;
    this.port = b.port;
    this.replica = b.replica;
    this.spiffeId = b.spiffeId;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().address(address).port(port).replica(replica).spiffeId(spiffeId);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {address, port, replica, spiffeId};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatabaseHost
        && Arrays.equals(fields(), ((DatabaseHost) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DatabaseHost" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String address = "";
    private int port;
    private boolean replica;
    private @Nullable String spiffeId;

    private Builder() {}

    /** Sets {@link DatabaseHost#address}. */
    public Builder address(String address) {
      this.address = address;
      return this;
    }

    /** Sets {@link DatabaseHost#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link DatabaseHost#replica}. */
    public Builder replica(boolean replica) {
      this.replica = replica;
      return this;
    }

    /** Sets {@link DatabaseHost#spiffeId}. */
    public Builder spiffeId(@Nullable String spiffeId) {
      this.spiffeId = spiffeId;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public DatabaseHost build() {
      return new DatabaseHost(this);
    }
  }
}
