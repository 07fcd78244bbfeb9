package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a request decides on its endpoint, so that equal requests go to the same one (Istio
 * ConsistentHashLB). Immutable.
 */
public final class ConsistentHash {
  /** Where the hashed text is found. */
  public final Key key;

  /** Name of the header, cookie or query parameter; empty for the source. */
  public final String name;

  /** The cookie that is given to a request without one; null when none is. */
  public final @Nullable SessionCookie generated;

  /** How texts are spread over endpoints. */
  public final Algorithm algorithm;

  /** For a ring the least number of points on it; for Maglev the length of the table, a prime. */
  public final int size;

  private ConsistentHash(Builder b) {
    this.key = b.key;
    this.name = b.name;
    this.generated = b.generated;
    this.algorithm = b.algorithm;
    this.size = b.size;
  }

  /** Where the hashed text is found. */
  public enum Key {
    /** In a request header. */
    HEADER,
    /** In a cookie of the request. */
    COOKIE,
    /** In the query of the request. */
    QUERY_PARAMETER,
    /** Who calls: every request of one process has the same. */
    SOURCE
  }

  /** How texts are spread over endpoints. */
  public enum Algorithm {
    /** Points of each endpoint on a ring; a text belongs to the next one (Ketama). */
    RING_HASH,
    /** A table that endpoints fill in turn by their own preferences. */
    MAGLEV
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().key(key).name(name).generated(generated).algorithm(algorithm).size(size);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {key, name, generated, algorithm, size};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConsistentHash
        && Arrays.equals(fields(), ((ConsistentHash) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "ConsistentHash" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private Key key = Key.HEADER;
    private String name = "";
    private @Nullable SessionCookie generated = null;
    private Algorithm algorithm = Algorithm.RING_HASH;
    private int size = 1024;

    private Builder() {}

    /** Sets {@link ConsistentHash#key}. */
    public Builder key(Key key) {
      this.key = key;
      return this;
    }

    /** Sets {@link ConsistentHash#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link ConsistentHash#generated}. */
    public Builder generated(@Nullable SessionCookie generated) {
      this.generated = generated;
      return this;
    }

    /** Sets {@link ConsistentHash#algorithm}. */
    public Builder algorithm(Algorithm algorithm) {
      this.algorithm = algorithm;
      return this;
    }

    /** Sets {@link ConsistentHash#size}. */
    public Builder size(int size) {
      this.size = size;
      return this;
    }

    /** Returns the finished object. */
    public ConsistentHash build() {
      return new ConsistentHash(this);
    }
  }
}
