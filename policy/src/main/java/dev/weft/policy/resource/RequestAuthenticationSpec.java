package dev.weft.policy.resource;

import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.snapshot.ClaimHeader;
import dev.weft.policy.snapshot.JwtHeader;
import dev.weft.policy.snapshot.JwtRule;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a RequestAuthentication says. Immutable. */
public final class RequestAuthenticationSpec {
  /** Istio's default of {@code timeout}, in milliseconds. */
  private static final long TIMEOUT_MILLIS = 5_000;

  /** Labels that a workload must carry; empty selects the namespace, or the mesh from the root. */
  public final Map<String, String> selector;

  /** Services whose instances alone it is for; null when it goes by {@link #selector}. */
  public final @Nullable Set<String> targets;

  /** In the order in which they were written. */
  public final List<Issuer> jwtRules;

  private RequestAuthenticationSpec(
      Map<String, String> selector, @Nullable Set<String> targets, List<Issuer> jwtRules) {
    this.selector = Collections.unmodifiableMap(selector);
    this.targets = targets;
    this.jwtRules = Collections.unmodifiableList(jwtRules);
  }

  /** One rule, and where its keys are had from. Immutable. */
  public static final class Issuer {
    /** The rule as an agent gets it; with keys only where they stand in the resource. */
    public final JwtRule rule;

    /**
     * Where the keys are, or null: they are inline, or the issuer tells (OpenID Connect Discovery).
     */
    public final @Nullable String jwksUri;

    /** Whether the keys stand in the resource. */
    public final boolean inline;

    /** How long fetching the keys may take. */
    public final long timeoutMillis;

    /**
     * Names the keys. The document of an issuer is good for that issuer alone: another one whose
     * name differs by a slash has it at the same address.
     */
    public String keyName() {
      return jwksUri == null ? keySource() + " of " + rule.issuer : jwksUri;
    }

    /**
     * Where the keys are to be had: {@link #jwksUri}, else the document in which the issuer tells
     * it (OpenID Connect Discovery 1.0, section 4).
     */
    public String keySource() {
      if (jwksUri != null) {
        return jwksUri;
      }
      String issuer = rule.issuer;
      return (issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
          + "/.well-known/openid-configuration";
    }

    private Issuer(JwtRule rule, @Nullable String jwksUri, boolean inline, long timeoutMillis) {
      this.rule = rule;
      this.jwksUri = jwksUri;
      this.inline = inline;
      this.timeoutMillis = timeoutMillis;
    }
  }

  static RequestAuthenticationSpec of(SpecFields spec, String namespace, String name) {
    return new RequestAuthenticationSpec(
        spec.object("selector").textMap("matchLabels"),
        PolicyTargets.of(spec),
        spec.objects("jwtRules", rule -> issuer(rule, namespace + "/" + name)));
  }

  private static Issuer issuer(SpecFields rule, String policy) {
    String jwks = rule.text("jwks", "");
    String uri = rule.text("jwksUri", rule.text("jwks_uri", ""));
    JwtRule.Builder result =
        JwtRule.builder()
            .policy(policy)
            .issuer(rule.text("issuer", ""))
            .audiences(rule.texts("audiences"))
            .fromHeaders(rule.objects("fromHeaders", RequestAuthenticationSpec::header))
            .fromParams(rule.texts("fromParams"))
            .fromCookies(rule.texts("fromCookies"))
            .forwardOriginalToken(rule.flag("forwardOriginalToken", false))
            .outputPayloadToHeader(rule.text("outputPayloadToHeader", ""))
            .outputClaimToHeaders(
                rule.objects("outputClaimToHeaders", RequestAuthenticationSpec::claimHeader))
            .spaceDelimitedClaims(rule.texts("spaceDelimitedClaims"));
    if (!jwks.isEmpty()) {
      result.keys(Jwks.read(jwks));
    }
    return new Issuer(
        result.build(),
        uri.isEmpty() ? null : uri,
        !jwks.isEmpty(),
        rule.millis("timeout", TIMEOUT_MILLIS));
  }

  private static JwtHeader header(SpecFields header) {
    return JwtHeader.builder()
        .name(header.text("name", ""))
        .prefix(header.text("prefix", ""))
        .build();
  }

  private static ClaimHeader claimHeader(SpecFields header) {
    return ClaimHeader.builder()
        .header(header.text("header", ""))
        .claim(header.text("claim", ""))
        .build();
  }
}
