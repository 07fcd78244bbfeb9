package dev.weft.policy.cel;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An expression of the subset: literals, {@link CelFact facts}, {@code == != < <= > >= in && || !},
 * parentheses, lists, {@code startsWith endsWith contains matches} and {@code duration("1s")}. As
 * in the language what cannot be evaluated, such as a header that is not there, makes the whole
 * have no value unless {@code &&} or {@code ||} is decided by its other side. Immutable.
 */
public final class CelExpression {
  private final Node root;
  private final Set<String> headers;

  CelExpression(Node root, Set<String> headers) {
    this.root = root;
    this.headers = Collections.unmodifiableSet(headers);
  }

  /**
   * Parses a text.
   *
   * @throws CelException when it is no expression, or one beyond the subset
   */
  public static CelExpression parse(String text) throws CelException {
    return new CelParser(text).parse();
  }

  /** Returns the names of headers that it asks for, in lower case. */
  public Set<String> headers() {
    return headers;
  }

  /** Returns whether it is true of a request; false also when it has no value. */
  public boolean holds(CelFact.Source source) {
    return Boolean.TRUE.equals(root.value(source));
  }

  /** Returns its value as a text, or null when it has none. */
  public @Nullable String text(CelFact.Source source) {
    Object value = root.value(source);
    return value == null || value instanceof Collection ? null : value.toString();
  }

  /** A part of it; the value is null where it has none. */
  @FunctionalInterface
  interface Node {
    @Nullable Object value(CelFact.Source source);
  }
}
