package dev.weft.dataplane.jwt;

import dev.weft.policy.jwt.JsonText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token in the compact form of RFC 7515 that nobody has verified yet. Read strictly, as what it
 * says decides who may come in. Immutable.
 */
final class Jwt {
  /** Longer ones do not fit into the headers that containers take by default. */
  static final int MAX_LENGTH = 16 * 1024;

  /** {@code alg} as it stands there. */
  final String algorithm;

  /** Null when the token names no key. */
  final @Nullable String keyId;

  /** Null when absent. */
  final @Nullable String issuer;

  /** Null when absent. */
  final @Nullable String subject;

  final List<String> audiences;

  /** Seconds since the epoch; negative when absent: the token does not expire, as for a sidecar. */
  final long expires;

  /** Seconds since the epoch; negative when absent. */
  final long notBefore;

  final Map<String, Object> claims;

  /** The payload as it stands in the token. */
  final String payload;

  final byte[] signed;
  final byte[] signature;

  private Jwt(String text, int first, int second) throws CharacterCodingException {
    Map<String, Object> header = json(text.substring(0, first));
    if (header.containsKey("crit")) {
      // RFC 7515, section 4.1.11: what must be understood and is not makes the token invalid.
      throw new IllegalArgumentException("crit");
    }
    String alg = text(header, "alg");
    if (alg == null) {
      throw new IllegalArgumentException("alg");
    }
    this.algorithm = alg;
    this.keyId = text(header, "kid");
    this.payload = text.substring(first + 1, second);
    this.claims = json(payload);
    this.issuer = text(claims, "iss");
    this.subject = text(claims, "sub");
    this.audiences = audiences(claims.get("aud"));
    this.expires = seconds(claims, "exp");
    this.notBefore = seconds(claims, "nbf");
    seconds(claims, "iat");
    this.signed = text.substring(0, second).getBytes(StandardCharsets.US_ASCII);
    this.signature = Base64.getUrlDecoder().decode(text.substring(second + 1));
  }

  /** The token; null when it is malformed. */
  static @Nullable Jwt parse(String text) {
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (text.length() > MAX_LENGTH || second < 0 || text.indexOf('.', second + 1) >= 0) {
      return null;
    }
    try {
      return new Jwt(text, first, second);
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return null;
    }
  }

  private static Map<String, Object> json(String base64url) throws CharacterCodingException {
    byte[] bytes = Base64.getUrlDecoder().decode(base64url);
    return JsonText.object(
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
  }

  private static @Nullable String text(Map<String, Object> object, String name) {
    Object value = object.get(name);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalArgumentException(name);
  }

  /** RFC 7519, section 2: seconds, which may have a fraction. */
  private static long seconds(Map<String, Object> claims, String name) {
    Object value = claims.get(name);
    if (value == null) {
      return -1;
    }
    double number = value instanceof Number ? ((Number) value).doubleValue() : -1;
    if (!(number >= 0 && number <= 1e15)) {
      throw new IllegalArgumentException(name);
    }
    return (long) number;
  }

  private static List<String> audiences(@Nullable Object value) {
    if (value == null) {
      return Collections.emptyList();
    }
    if (value instanceof String) {
      return Collections.singletonList((String) value);
    }
    if (!(value instanceof List)) {
      throw new IllegalArgumentException("aud");
    }
    List<String> all = new ArrayList<>();
    for (Object each : (List<?>) value) {
      if (!(each instanceof String)) {
        throw new IllegalArgumentException("aud");
      }
      all.add((String) each);
    }
    return Collections.unmodifiableList(all);
  }
}
