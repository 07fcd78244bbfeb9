package dev.weft.dataplane.jwt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a token says whose signature, issuer and audience are right. Immutable. */
public final class VerifiedToken {
  private final @Nullable String issuer;
  private final @Nullable String subject;
  private final Map<String, Object> claims;
  private final String payload;
  private final long expires;
  private final long notBefore;

  VerifiedToken(Jwt token, Map<String, Object> claims) {
    this.issuer = token.issuer;
    this.subject = token.subject;
    this.claims = claims;
    this.payload = token.payload;
    this.expires = token.expires;
    this.notBefore = token.notBefore;
  }

  /** Claim {@code iss}; null when the token has none. */
  public @Nullable String issuer() {
    return issuer;
  }

  /** Claim {@code sub}; null when the token has none. */
  public @Nullable String subject() {
    return subject;
  }

  /** The payload in base64url, as it came. */
  public String payload() {
    return payload;
  }

  /**
   * A claim.
   *
   * @param path its name, after the names of the objects that it lies in
   * @return a text, a list, a map, a number or a flag; null when it is not there
   */
  public @Nullable Object claim(String... path) {
    Object value = claims;
    for (String name : path) {
      if (!(value instanceof Map)) {
        return null;
      }
      value = ((Map<?, ?>) value).get(name);
    }
    return value;
  }

  /** Whether it may not be taken at that time, in seconds since the epoch; null when it may. */
  @Nullable TokenProblem untimely(long now) {
    return TokenVerifier.untimely(expires, notBefore, now);
  }

  /** The words of a text, as RFC 8693 has them in {@code scope}. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf(' ', at);
      end = end < 0 ? text.length() : end;
      if (end > at) {
        words.add(text.substring(at, end));
      }
      at = end + 1;
    }
    return words;
  }
}
