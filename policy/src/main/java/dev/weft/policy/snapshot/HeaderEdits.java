package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes to the headers of a request and of its response. */
public final class HeaderEdits {
  private static final HeaderEdits NONE = new Builder().build();

  /** For the request on its way out. */
  public final Edits request;

  /** For the response on its way back. */
  public final Edits response;

  private HeaderEdits(Builder b) {
    this.request = b.request;
    this.response = b.response;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder().request(request).response(response);
  }

  /** Returns the edits that change nothing. */
  public static HeaderEdits none() {
    return NONE;
  }

  /** Returns whether these edits change nothing. */
  public boolean isEmpty() {
    return request.isEmpty() && response.isEmpty();
  }

  /** Edits of one message: first {@link #remove}, then {@link #set}, then {@link #add}. */
  public static final class Edits {
    /** The edits that change nothing. */
    public static final Edits NONE =
        new Edits(
            Collections.<String, String>emptyMap(),
            Collections.<String, String>emptyMap(),
            Collections.<String>emptyList());

    /** Headers to replace or create, by name. */
    public final Map<String, String> set;

    /** Headers to append, by name. */
    public final Map<String, String> add;

    /** Names of headers to remove. */
    public final List<String> remove;

    private Edits(Map<String, String> set, Map<String, String> add, List<String> remove) {
      this.set = Copies.of(set);
      this.add = Copies.of(add);
      this.remove = Copies.of(remove);
    }

    /** Returns edits with copies of what is given. */
    public static Edits of(Map<String, String> set, Map<String, String> add, List<String> remove) {
      return new Edits(set, add, remove);
    }

    /** Returns whether these edits change nothing. */
    public boolean isEmpty() {
      return set.isEmpty() && add.isEmpty() && remove.isEmpty();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Edits
          && set.equals(((Edits) other).set)
          && add.equals(((Edits) other).add)
          && remove.equals(((Edits) other).remove);
    }

    @Override
    public int hashCode() {
      return set.hashCode() * 31 + add.hashCode() * 17 + remove.hashCode();
    }

    @Override
    public String toString() {
      return "Edits{set=" + set + ", add=" + add + ", remove=" + remove + '}';
    }
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {request, response};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeaderEdits && Arrays.equals(fields(), ((HeaderEdits) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "HeaderEdits" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private Edits request = Edits.NONE;
    private Edits response = Edits.NONE;

    private Builder() {}

    /** Sets {@link HeaderEdits#request}. */
    public Builder request(Edits request) {
      this.request = request;
      return this;
    }

    /** Sets {@link HeaderEdits#response}. */
    public Builder response(Edits response) {
      this.response = response;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public HeaderEdits build() {
      return new HeaderEdits(this);
    }
  }
}
