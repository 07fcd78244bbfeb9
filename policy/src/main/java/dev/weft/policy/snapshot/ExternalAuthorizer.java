package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whom policies of action CUSTOM ask over HTTP whether a request may enter (Istio
 * MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider). Names of headers may begin
 * or end with {@code *}.
 */
public final class ExternalAuthorizer {
  /** What Istio waits for an authorizer when nobody says how long, in milliseconds. */
  public static final long DEFAULT_TIMEOUT_MILLIS = 600_000;

  /** What a refusal for want of an answer has when nobody says it. */
  public static final int DEFAULT_STATUS_ON_ERROR = 403;

  /** The provider's name, by which policies call it. */
  public final String name;

  /** Canonical host of its service, which is among the services of the snapshot. */
  public final String host;

  /** Port of the service. */
  public final int port;

  /** How long it may take, in milliseconds. */
  public final long timeoutMillis;

  /** What comes before the path of the request in the question; may be empty. */
  public final String pathPrefix;

  /** Whether requests enter when it cannot be asked. */
  public final boolean failOpen;

  /** Status of the refusal when it cannot be asked. */
  public final int statusOnError;

  /** Headers of the request that it is shown, beside those that it always is. */
  public final List<String> includeRequestHeadersInCheck;

  /** Headers that are added to the question. */
  public final Map<String, String> includeAdditionalHeadersInCheck;

  /** How many bytes of the request's body it is shown at most; 0 for none of it. */
  public final int maxRequestBytes;

  /** Whether a body longer than that is shown in part, rather than refused with 413. */
  public final boolean allowPartialMessage;

  /** Headers of its answer that an allowed request takes along into the application. */
  public final List<String> headersToUpstreamOnAllow;

  /** Headers of its answer that the answer to an allowed request carries. */
  public final List<String> headersToDownstreamOnAllow;

  /** Headers of its answer that a refusal carries; all of them when empty. */
  public final List<String> headersToDownstreamOnDeny;

  private ExternalAuthorizer(Builder b) {
    this.name = b.name;
    this.host = b.host;
    this.port = b.port;
    this.timeoutMillis = b.timeoutMillis;
    this.pathPrefix = b.pathPrefix;
    this.failOpen = b.failOpen;
    this.statusOnError = b.statusOnError;
    this.includeRequestHeadersInCheck = Copies.of(b.includeRequestHeadersInCheck);
    this.includeAdditionalHeadersInCheck = Copies.of(b.includeAdditionalHeadersInCheck);
    this.maxRequestBytes = b.maxRequestBytes;
    this.allowPartialMessage = b.allowPartialMessage;
    this.headersToUpstreamOnAllow = Copies.of(b.headersToUpstreamOnAllow);
    this.headersToDownstreamOnAllow = Copies.of(b.headersToDownstreamOnAllow);
    this.headersToDownstreamOnDeny = Copies.of(b.headersToDownstreamOnDeny);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .name(name)
        .host(host)
        .port(port)
        .timeoutMillis(timeoutMillis)
        .pathPrefix(pathPrefix)
        .failOpen(failOpen)
        .statusOnError(statusOnError)
        .includeRequestHeadersInCheck(includeRequestHeadersInCheck)
        .includeAdditionalHeadersInCheck(includeAdditionalHeadersInCheck)
        .maxRequestBytes(maxRequestBytes)
        .allowPartialMessage(allowPartialMessage)
        .headersToUpstreamOnAllow(headersToUpstreamOnAllow)
        .headersToDownstreamOnAllow(headersToDownstreamOnAllow)
        .headersToDownstreamOnDeny(headersToDownstreamOnDeny);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      name,
      host,
      port,
      timeoutMillis,
      pathPrefix,
      failOpen,
      statusOnError,
      includeRequestHeadersInCheck,
      includeAdditionalHeadersInCheck,
      maxRequestBytes,
      allowPartialMessage,
      headersToUpstreamOnAllow,
      headersToDownstreamOnAllow,
      headersToDownstreamOnDeny
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExternalAuthorizer
        && Arrays.equals(fields(), ((ExternalAuthorizer) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "ExternalAuthorizer" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private String host = "";
    private int port;
    private long timeoutMillis = DEFAULT_TIMEOUT_MILLIS;
    private String pathPrefix = "";
    private boolean failOpen;
    private int statusOnError = DEFAULT_STATUS_ON_ERROR;
    private List<String> includeRequestHeadersInCheck = Collections.emptyList();
    private Map<String, String> includeAdditionalHeadersInCheck = Collections.emptyMap();
    private int maxRequestBytes;
    private boolean allowPartialMessage;
    private List<String> headersToUpstreamOnAllow = Collections.emptyList();
    private List<String> headersToDownstreamOnAllow = Collections.emptyList();
    private List<String> headersToDownstreamOnDeny = Collections.emptyList();

    private Builder() {}

    /** Sets {@link ExternalAuthorizer#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#host}. */
    public Builder host(String host) {
      this.host = host;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#timeoutMillis}. */
    public Builder timeoutMillis(long timeoutMillis) {
      this.timeoutMillis = timeoutMillis;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#pathPrefix}. */
    public Builder pathPrefix(String pathPrefix) {
      this.pathPrefix = pathPrefix;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#failOpen}. */
    public Builder failOpen(boolean failOpen) {
      this.failOpen = failOpen;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#statusOnError}. */
    public Builder statusOnError(int statusOnError) {
      this.statusOnError = statusOnError;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#includeRequestHeadersInCheck}. */
    public Builder includeRequestHeadersInCheck(List<String> names) {
      this.includeRequestHeadersInCheck = names;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#includeAdditionalHeadersInCheck}. */
    public Builder includeAdditionalHeadersInCheck(Map<String, String> headers) {
      this.includeAdditionalHeadersInCheck = headers;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#maxRequestBytes}. */
    public Builder maxRequestBytes(int maxRequestBytes) {
      this.maxRequestBytes = maxRequestBytes;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#allowPartialMessage}. */
    public Builder allowPartialMessage(boolean allowPartialMessage) {
      this.allowPartialMessage = allowPartialMessage;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#headersToUpstreamOnAllow}. */
    public Builder headersToUpstreamOnAllow(List<String> names) {
      this.headersToUpstreamOnAllow = names;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#headersToDownstreamOnAllow}. */
    public Builder headersToDownstreamOnAllow(List<String> names) {
      this.headersToDownstreamOnAllow = names;
      return this;
    }

    /** Sets {@link ExternalAuthorizer#headersToDownstreamOnDeny}. */
    public Builder headersToDownstreamOnDeny(List<String> names) {
      this.headersToDownstreamOnDeny = names;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public ExternalAuthorizer build() {
      return new ExternalAuthorizer(this);
    }
  }
}
