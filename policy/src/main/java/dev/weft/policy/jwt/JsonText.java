package dev.weft.policy.jwt;

import dev.weft.policy.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** JSON of keys and tokens, read strictly: bounded, and no name twice. Thread-safe. */
public final class JsonText {
  private static final JsonTree TREE = JsonTree.limited(32, Jwks.MAX_SIZE);
  private static final String WRAPPED = "{\"\":";

  private JsonText() {}

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException when the text is none; its message repeats nothing of the
   *     text, which may hold a secret
   */
  public static Map<String, Object> object(String json) {
    try {
      if (json.indexOf('\0') < 0) {
        return TREE.read(json.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | RuntimeException e) {
      // The parser's message quotes the text.
    }
    throw new IllegalArgumentException("is no JSON object");
  }

  /** Writes an object of maps, lists, texts, numbers and flags. */
  public static String of(Map<String, ?> object) {
    return TREE.text(object);
  }

  /** Writes a list of the same. */
  public static String of(List<?> list) {
    String wrapped = TREE.text(Collections.singletonMap("", list));
    return wrapped.substring(WRAPPED.length(), wrapped.length() - 1);
  }
}
