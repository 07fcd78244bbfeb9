package dev.weft.dataplane.inbound;

import dev.weft.dataplane.jwt.TokenVerifier;
import dev.weft.dataplane.jwt.VerifiedToken;
import dev.weft.policy.jwt.JsonText;
import dev.weft.policy.snapshot.ClaimHeader;
import dev.weft.policy.snapshot.JwtHeader;
import dev.weft.policy.snapshot.JwtRule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One rule of a RequestAuthentication: what it takes, and what it tells the application. */
final class TokenRule {
  private static final Pattern DOT = Pattern.compile("\\.");

  private final JwtRule rule;
  private final TokenVerifier verifier;
  private final String[][] claimPaths;

  private TokenRule(JwtRule rule) {
    this.rule = rule;
    this.verifier = TokenVerifier.of(rule);
    this.claimPaths = new String[rule.outputClaimToHeaders.size()][];
    for (int i = 0; i < claimPaths.length; i++) {
      claimPaths[i] = DOT.split(rule.outputClaimToHeaders.get(i).claim, -1);
    }
  }

  static TokenRule of(JwtRule rule) {
    return new TokenRule(rule);
  }

  /** {@code namespace/name} of the policy. */
  String policy() {
    return rule.policy;
  }

  String issuer() {
    return rule.issuer;
  }

  TokenVerifier verifier() {
    return verifier;
  }

  boolean forwards() {
    return rule.forwardOriginalToken;
  }

  /** Where it looks; when it says nothing, where RFC 6750 has tokens. */
  List<TokenPlace> places() {
    List<TokenPlace> places = new ArrayList<>();
    for (JwtHeader header : rule.fromHeaders) {
      places.add(TokenPlace.header(header.name, header.prefix));
    }
    for (String parameter : rule.fromParams) {
      places.add(TokenPlace.parameter(parameter));
    }
    for (String cookie : rule.fromCookies) {
      places.add(TokenPlace.cookie(cookie));
    }
    if (places.isEmpty()) {
      places.add(TokenPlace.header("authorization", "Bearer "));
      places.add(TokenPlace.parameter("access_token"));
    }
    return places;
  }

  /** Headers that only it may write. */
  List<String> outputs() {
    List<String> names = new ArrayList<>();
    if (!rule.outputPayloadToHeader.isEmpty()) {
      names.add(rule.outputPayloadToHeader);
    }
    for (ClaimHeader each : rule.outputClaimToHeaders) {
      names.add(each.header);
    }
    return names;
  }

  /** Tells the application what the token says. */
  void tell(VerifiedToken token, InboundRequest request) {
    if (!rule.outputPayloadToHeader.isEmpty()) {
      request.setHeader(rule.outputPayloadToHeader, token.payload());
    }
    for (int i = 0; i < claimPaths.length; i++) {
      ClaimHeader each = rule.outputClaimToHeaders.get(i);
      // A name with dots in it, such as a URL, comes before the path that the dots may mean.
      Object value = token.claim(each.claim);
      String text = text(value == null ? token.claim(claimPaths[i]) : value);
      if (text != null && isHeaderValue(text)) {
        request.setHeader(each.header, text);
      }
    }
  }

  @SuppressWarnings("unchecked") // objects of JSON have texts as keys
  private static @Nullable String text(@Nullable Object value) {
    if (value instanceof String || value instanceof Boolean) {
      return value.toString();
    }
    if (value instanceof Number) {
      double number = ((Number) value).doubleValue();
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? Long.toString((long) number)
          : value.toString();
    }
    String json = null;
    if (value instanceof Map) {
      json = JsonText.of((Map<String, ?>) value);
    } else if (value instanceof List) {
      json = JsonText.of((List<?>) value);
    }
    return json == null
        ? null
        : Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** Nothing that ends a header (RFC 9110, section 5.5), or that readers decode differently. */
  private static boolean isHeaderValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f) {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
