package dev.weft.policy.jwt;

import dev.weft.policy.snapshot.JwtKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON Web Key Sets (RFC 7517). Only what verifies a signature is kept: of a private key its
 * public half, of keys for encryption and of symmetric keys nothing. Thread-safe.
 */
public final class Jwks {
  /**
   * Largest set that is read, in bytes or characters; those of identity providers have 2 to 20 KiB.
   */
  public static final int MAX_SIZE = 256 * 1024;

  private static final int MAX_KEYS = 256;

  private Jwks() {}

  /**
   * Returns the keys of a set, or of a single key, that can verify signatures; may be none.
   *
   * @throws IllegalArgumentException saying why the text is no key set, without repeating any of it
   */
  public static List<JwtKey> read(String json) {
    if (json.length() > MAX_SIZE) {
      throw new IllegalArgumentException("has more than " + MAX_SIZE + " characters");
    }
    Map<String, Object> document = JsonText.object(json);
    Object keys = document.get("keys");
    if (keys == null && document.containsKey("kty")) {
      keys = Collections.singletonList(document);
    }
    if (!(keys instanceof List)) {
      throw new IllegalArgumentException("has no list \"keys\"");
    }
    List<?> all = (List<?>) keys;
    if (all.size() > MAX_KEYS) {
      throw new IllegalArgumentException("has more than " + MAX_KEYS + " keys");
    }
    List<JwtKey> usable = new ArrayList<>();
    for (Object each : all) {
      if (!(each instanceof Map)) {
        throw new IllegalArgumentException("has a key that is no object");
      }
      JwtKey key = key((Map<?, ?>) each);
      if (key != null) {
        usable.add(key);
      }
    }
    return Collections.unmodifiableList(usable);
  }

  /** Returns the set that holds these keys and nothing else. */
  public static String write(List<JwtKey> keys) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (JwtKey key : keys) {
      Map<String, Object> members = new LinkedHashMap<>();
      members.put("kty", key.type.name());
      put(members, "kid", key.id);
      put(members, "alg", key.algorithm);
      if (key.type == JwtKey.Type.RSA) {
        members.put("n", key.first);
        members.put("e", key.second);
      } else {
        members.put("crv", key.curve);
        members.put("x", key.first);
        put(members, "y", key.type == JwtKey.Type.EC ? key.second : null);
      }
      all.add(members);
    }
    return JsonText.of(Collections.singletonMap("keys", all));
  }

  private static void put(Map<String, Object> members, String name, @Nullable String value) {
    if (value != null) {
      members.put(name, value);
    }
  }

  private static @Nullable JwtKey key(Map<?, ?> key) {
    String type = text(key, "kty");
    if (type == null) {
      throw new IllegalArgumentException("has a key without a \"kty\"");
    }
    if ("enc".equals(text(key, "use"))) {
      return null;
    }
    JwtKey.Builder result = JwtKey.builder().id(text(key, "kid")).algorithm(text(key, "alg"));
    switch (type) {
      case "RSA":
        return result
            .type(JwtKey.Type.RSA)
            .first(required(key, "n"))
            .second(required(key, "e"))
            .build();
      case "EC":
        return result
            .type(JwtKey.Type.EC)
            .curve(required(key, "crv"))
            .first(required(key, "x"))
            .second(required(key, "y"))
            .build();
      case "OKP":
        return result
            .type(JwtKey.Type.OKP)
            .curve(required(key, "crv"))
            .first(required(key, "x"))
            .build();
      default:
        return null;
    }
  }

  private static String required(Map<?, ?> key, String name) {
    String value = text(key, name);
    if (value == null || value.isEmpty()) {
      throw new IllegalArgumentException(
          "has a key of kty " + text(key, "kty") + " without \"" + name + '"');
    }
    return value;
  }

  private static @Nullable String text(Map<?, ?> object, String name) {
    Object value = object.get(name);
    return value instanceof String ? (String) value : null;
  }
}
