package dev.weft.policy.resource;

import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Istio RequestAuthentication: the table of its fields. */
final class RequestAuthenticationKind {
  private static final int MAX_URL = 2048;
  private static final Pattern OWN_HEADER = Pattern.compile("[-A-Za-z0-9]+");

  private static final Type FROM_HEADER =
      ObjectType.of("fromHeaders")
          .required("name", Scalars.text("the name of a header", Checks::notEmpty))
          .field("prefix", Scalars.text())
          .build();

  private static final Type CLAIM_TO_HEADER =
      ObjectType.of("outputClaimToHeaders")
          .required(
              "header", Scalars.text("the name of a header", RequestAuthenticationKind::ownHeader))
          .required("claim", Scalars.text("the name of a claim", Checks::notEmpty))
          .build();

  private static final Type JWT_RULE =
      ObjectType.of("jwtRule")
          .field("issuer", Scalars.text())
          .field("audiences", texts("an audience", Checks::notEmpty))
          .field("jwksUri", Scalars.text("a URL", RequestAuthenticationKind::url))
          .field("jwks_uri", Scalars.text("a URL", RequestAuthenticationKind::url))
          .field("jwks", Scalars.text("a JSON Web Key Set", RequestAuthenticationKind::keys))
          .field("fromHeaders", ListType.of(FROM_HEADER))
          .field("fromParams", texts("the name of a parameter", Checks::notEmpty))
          .field("fromCookies", texts("the name of a cookie", Checks::notEmpty))
          .field(
              "outputPayloadToHeader",
              Scalars.text("the name of a header", RequestAuthenticationKind::header))
          .field("outputClaimToHeaders", ListType.of(CLAIM_TO_HEADER))
          .field("forwardOriginalToken", Scalars.flag())
          .field("timeout", Shared.DURATION)
          .field(
              "spaceDelimitedClaims",
              ListType.of(Scalars.text("the name of a claim", Checks::notEmpty)).atMost(64))
          .rule(RequestAuthenticationKind::checkRule)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("RequestAuthentication")
          .field("selector", Shared.SELECTOR)
          .field("jwtRules", ListType.of(JWT_RULE).atMost(4096))
          .field("targetRef", PolicyTargets.REF)
          .field("targetRefs", PolicyTargets.REFS)
          .rule(PolicyTargets::checkSelection)
          .build();

  private RequestAuthenticationKind() {}

  private static Type texts(String what, Check check) {
    return ListType.of(Scalars.text(what, check));
  }

  /** As Istio takes it: http or https, a host, a port that is a number; empty as if not written. */
  private static @Nullable String url(String text) {
    if (text.isEmpty()) {
      return null;
    }
    String problem = "must be a URL such as https://issuer.example/keys, not \"" + text + '"';
    if (text.length() > MAX_URL) {
      return "must have at most " + MAX_URL + " characters";
    }
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      return http && url.getHost() != null ? null : problem;
    } catch (URISyntaxException e) {
      return problem;
    }
  }

  /** Istio is stricter here than HTTP is. */
  private static @Nullable String ownHeader(String text) {
    return OWN_HEADER.matcher(text).matches()
        ? null
        : "must be letters, digits and -, not \"" + text + '"';
  }

  private static @Nullable String header(String text) {
    return text.isEmpty() ? null : Checks.headerName(text);
  }

  private static @Nullable String keys(String text) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      Jwks.read(text);
      return null;
    } catch (IllegalArgumentException e) {
      return "must be a JSON Web Key Set, but it " + e.getMessage();
    }
  }

  private static void checkRule(ObjectView rule) {
    boolean url = !rule.text("jwksUri").isEmpty() || !rule.text("jwks_uri").isEmpty();
    if (rule.text("issuer").isEmpty() && !url) {
      rule.invalid("issuer", "is required; only a jwksUri may stand in for it");
    }
    if (rule.has("jwksUri") && rule.has("jwks_uri")) {
      rule.invalid("jwks_uri", "is another name of jwksUri; keep one");
    }
    String inline = rule.text("jwks");
    if (url && !inline.isEmpty()) {
      rule.invalid("jwks", "must not stand beside jwksUri; keep one");
    }
    if (!inline.isEmpty() && keys(inline) == null && Jwks.read(inline).isEmpty()) {
      rule.notInForce("jwks", "a key set without a public key that verifies signatures");
    }
  }
}
