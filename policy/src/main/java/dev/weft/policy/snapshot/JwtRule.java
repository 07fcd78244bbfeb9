package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tokens of one issuer are taken, and from where (Istio JWTRule). */
public final class JwtRule {
  /** {@code namespace/name} of the RequestAuthentication, for rejections and logs. */
  public final String policy;

  /** What {@code iss} must be; empty takes any issuer. */
  public final String issuer;

  /** One of these must be in {@code aud}; empty takes any. */
  public final List<String> audiences;

  /** Keys of the issuer; while there are none, every token is refused. */
  public final List<JwtKey> keys;

  /** Headers that may hold the token. */
  public final List<JwtHeader> fromHeaders;

  /** Query parameters that may hold the token. */
  public final List<String> fromParams;

  /** Cookies that may hold the token. */
  public final List<String> fromCookies;

  /** Whether the application gets the header that holds the token. */
  public final boolean forwardOriginalToken;

  /** Header that tells the application the payload in base64url; empty for none. */
  public final String outputPayloadToHeader;

  /** Headers that tell the application single claims. */
  public final List<ClaimHeader> outputClaimToHeaders;

  /** Claims whose words are values of their own, beside {@code scope} and {@code permission}. */
  public final List<String> spaceDelimitedClaims;

  private JwtRule(Builder b) {
    this.policy = b.policy;
    this.issuer = b.issuer;
    this.audiences = Copies.of(b.audiences);
    this.keys = Copies.of(b.keys);
    this.fromHeaders = Copies.of(b.fromHeaders);
    this.fromParams = Copies.of(b.fromParams);
    this.fromCookies = Copies.of(b.fromCookies);
    this.forwardOriginalToken = b.forwardOriginalToken;
    this.outputPayloadToHeader = b.outputPayloadToHeader;
    this.outputClaimToHeaders = Copies.of(b.outputClaimToHeaders);
    this.spaceDelimitedClaims = Copies.of(b.spaceDelimitedClaims);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .policy(policy)
        .issuer(issuer)
        .audiences(audiences)
        .keys(keys)
        .fromHeaders(fromHeaders)
        .fromParams(fromParams)
        .fromCookies(fromCookies)
        .forwardOriginalToken(forwardOriginalToken)
        .outputPayloadToHeader(outputPayloadToHeader)
        .outputClaimToHeaders(outputClaimToHeaders)
        .spaceDelimitedClaims(spaceDelimitedClaims);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      policy,
      issuer,
      audiences,
      keys,
      fromHeaders,
      fromParams,
      fromCookies,
      forwardOriginalToken,
      outputPayloadToHeader,
      outputClaimToHeaders,
      spaceDelimitedClaims
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JwtRule && Arrays.equals(fields(), ((JwtRule) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "JwtRule" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String policy = "";
    private String issuer = "";
    private List<String> audiences = Collections.emptyList();
    private List<JwtKey> keys = Collections.emptyList();
    private List<JwtHeader> fromHeaders = Collections.emptyList();
    private List<String> fromParams = Collections.emptyList();
    private List<String> fromCookies = Collections.emptyList();
    private boolean forwardOriginalToken = false;
    private String outputPayloadToHeader = "";
    private List<ClaimHeader> outputClaimToHeaders = Collections.emptyList();
    private List<String> spaceDelimitedClaims = Collections.emptyList();

    private Builder() {}

    /** Sets {@link JwtRule#policy}. */
    public Builder policy(String policy) {
      this.policy = policy;
      return this;
    }

    /** Sets {@link JwtRule#issuer}. */
    public Builder issuer(String issuer) {
      this.issuer = issuer;
      return this;
    }

    /** Sets {@link JwtRule#audiences}. */
    public Builder audiences(List<String> audiences) {
      this.audiences = audiences;
      return this;
    }

    /** Sets {@link JwtRule#keys}. */
    public Builder keys(List<JwtKey> keys) {
      this.keys = keys;
      return this;
    }

    /** Sets {@link JwtRule#fromHeaders}. */
    public Builder fromHeaders(List<JwtHeader> fromHeaders) {
      this.fromHeaders = fromHeaders;
      return this;
    }

    /** Sets {@link JwtRule#fromParams}. */
    public Builder fromParams(List<String> fromParams) {
      this.fromParams = fromParams;
      return this;
    }

    /** Sets {@link JwtRule#fromCookies}. */
    public Builder fromCookies(List<String> fromCookies) {
      this.fromCookies = fromCookies;
      return this;
    }

    /** Sets {@link JwtRule#forwardOriginalToken}. */
    public Builder forwardOriginalToken(boolean forwardOriginalToken) {
      this.forwardOriginalToken = forwardOriginalToken;
      return this;
    }

    /** Sets {@link JwtRule#outputPayloadToHeader}. */
    public Builder outputPayloadToHeader(String outputPayloadToHeader) {
      this.outputPayloadToHeader = outputPayloadToHeader;
      return this;
    }

    /** Sets {@link JwtRule#outputClaimToHeaders}. */
    public Builder outputClaimToHeaders(List<ClaimHeader> outputClaimToHeaders) {
      this.outputClaimToHeaders = outputClaimToHeaders;
      return this;
    }

    /** Sets {@link JwtRule#spaceDelimitedClaims}. */
    public Builder spaceDelimitedClaims(List<String> spaceDelimitedClaims) {
      this.spaceDelimitedClaims = spaceDelimitedClaims;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public JwtRule build() {
      return new JwtRule(this);
    }
  }
}
