package dev.weft.policy.cel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What operators make of values, of which null is none. */
final class CelOperators {
  private CelOperators() {}

  static @Nullable Object both(@Nullable Object a, @Nullable Object b) {
    if (Boolean.FALSE.equals(a) || Boolean.FALSE.equals(b)) {
      return false;
    }
    return Boolean.TRUE.equals(a) && Boolean.TRUE.equals(b) ? (Object) true : null;
  }

  static @Nullable Object either(@Nullable Object a, @Nullable Object b) {
    if (Boolean.TRUE.equals(a) || Boolean.TRUE.equals(b)) {
      return true;
    }
    return Boolean.FALSE.equals(a) && Boolean.FALSE.equals(b) ? (Object) false : null;
  }

  static @Nullable Object compare(String operator, @Nullable Object a, @Nullable Object b) {
    if (a == null || b == null) {
      return null;
    }
    if (operator.equals("==") || operator.equals("!=")) {
      return equal(a, b) == operator.equals("==");
    }
    Integer order = order(a, b);
    if (order == null) {
      return null;
    }
    switch (operator) {
      case "<":
        return order < 0;
      case "<=":
        return order <= 0;
      case ">":
        return order > 0;
      default:
        return order >= 0;
    }
  }

  private static boolean equal(Object a, Object b) {
    if (a instanceof Number && b instanceof Number) {
      return ((Number) a).doubleValue() == ((Number) b).doubleValue();
    }
    return a.equals(b);
  }

  private static @Nullable Integer order(Object a, Object b) {
    if (a instanceof Number && b instanceof Number) {
      return Double.compare(((Number) a).doubleValue(), ((Number) b).doubleValue());
    }
    if (a instanceof String && b instanceof String) {
      return ((String) a).compareTo((String) b);
    }
    if (a instanceof Duration && b instanceof Duration) {
      return ((Duration) a).compareTo((Duration) b);
    }
    return null;
  }
}
