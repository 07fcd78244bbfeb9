package dev.weft.dataplane.jwt;

import dev.weft.policy.snapshot.JwtKey;
import dev.weft.policy.snapshot.JwtRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Verifies tokens under one rule of a RequestAuthentication. Thread-safe. */
public final class TokenVerifier {
  /** How far clocks may be apart, in seconds, as a sidecar takes it. */
  static final long CLOCK_SKEW = 60;

  private static final List<String> SPACE_DELIMITED = Arrays.asList("scope", "permission");

  private final JwtRule rule;
  private final VerificationKey[] keys;
  private final List<String> spaceDelimited;
  private final TokenCache cache = new TokenCache();

  private TokenVerifier(JwtRule rule, VerificationKey[] keys, List<String> spaceDelimited) {
    this.rule = rule;
    this.keys = keys;
    this.spaceDelimited = spaceDelimited;
  }

  /** A verifier of the rule; keys that cannot be used are left out. */
  public static TokenVerifier of(JwtRule rule) {
    List<VerificationKey> keys = new ArrayList<>();
    for (JwtKey document : rule.keys) {
      VerificationKey key = VerificationKey.of(document);
      if (key != null) {
        keys.add(key);
      }
    }
    List<String> words = new ArrayList<>(SPACE_DELIMITED);
    words.addAll(rule.spaceDelimitedClaims);
    return new TokenVerifier(rule, keys.toArray(new VerificationKey[0]), words);
  }

  /**
   * Verifies a token.
   *
   * @param now seconds since the epoch
   */
  public Verification verify(String text, long now) {
    VerifiedToken known = cache.get(text);
    if (known != null) {
      TokenProblem untimely = known.untimely(now);
      return untimely == null ? Verification.of(known) : Verification.refused(untimely);
    }
    Jwt token = Jwt.parse(text);
    if (token == null) {
      return Verification.refused(TokenProblem.MALFORMED);
    }
    TokenProblem problem = problem(token, now);
    if (problem != null) {
      return Verification.refused(problem);
    }
    VerifiedToken verified = new VerifiedToken(token, claims(token));
    cache.put(text, verified);
    return Verification.of(verified);
  }

  private @Nullable TokenProblem problem(Jwt token, long now) {
    if (!rule.issuer.isEmpty() && !rule.issuer.equals(token.issuer)) {
      return TokenProblem.ISSUER;
    }
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(token.algorithm);
    if (algorithm == null) {
      return TokenProblem.ALGORITHM;
    }
    TokenProblem untimely = untimely(token.expires, token.notBefore, now);
    if (untimely != null) {
      return untimely;
    }
    if (!audienceAllowed(token)) {
      return TokenProblem.AUDIENCE;
    }
    if (rule.keys.isEmpty()) {
      return TokenProblem.NO_KEYS;
    }
    TokenProblem problem = TokenProblem.NO_KEY;
    for (VerificationKey key : keys) {
      if (key.fits(token.keyId, algorithm)) {
        if (key.verifies(algorithm, token.signed, token.signature)) {
          return null;
        }
        problem = TokenProblem.SIGNATURE;
      }
    }
    return problem;
  }

  private boolean audienceAllowed(Jwt token) {
    if (rule.audiences.isEmpty()) {
      return true;
    }
    for (String audience : token.audiences) {
      for (String allowed : rule.audiences) {
        if (bare(audience).equals(bare(allowed))) {
          return true;
        }
      }
    }
    return false;
  }

  /** As a sidecar compares: with or without scheme and slash at the end, it is the same service. */
  private static String bare(String audience) {
    int start = audience.startsWith("https://") ? 8 : audience.startsWith("http://") ? 7 : 0;
    int end = audience.length();
    return audience.substring(start, end > start && audience.endsWith("/") ? end - 1 : end);
  }

  static @Nullable TokenProblem untimely(long expires, long notBefore, long now) {
    if (notBefore > now + CLOCK_SKEW) {
      return TokenProblem.NOT_YET_VALID;
    }
    return expires >= 0 && now > expires + CLOCK_SKEW ? TokenProblem.EXPIRED : null;
  }

  private Map<String, Object> claims(Jwt token) {
    Map<String, Object> claims = new HashMap<>(token.claims);
    for (String name : spaceDelimited) {
      Object value = claims.get(name);
      if (value instanceof String) {
        claims.put(name, VerifiedToken.words((String) value));
      }
    }
    return claims;
  }
}
