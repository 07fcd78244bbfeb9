package dev.weft.dataplane.snapshot;

import java.util.ArrayList;
import java.util.List;

/**
 * Pool keys of an endpoint that are made of other keys, as policies take turns. Each is made once
 * and found again without allocating. Thread-safe.
 */
final class DerivedKeys {
  /**
   * With TLS and without, limited in requests, in time and in both, under some policies. Beyond,
   * the one that was made first is made anew when it is asked for.
   */
  static final int MOST = 16;

  private static final Derived[] NONE = new Derived[0];

  private volatile Derived[] known = NONE;

  private static final class Derived {
    final String key;
    final long span;
    final long number;
    final String derived;

    Derived(String key, String mark, long span, long number) {
      this.key = key;
      this.span = span;
      this.number = number;
      String text = key + mark;
      this.derived = (span == 0 ? text : text + Long.toHexString(number)).intern();
    }

    /** Whether it is for the same, if perhaps another number ago. */
    boolean isOf(String otherKey, long otherSpan) {
      return span == otherSpan && key.equals(otherKey);
    }
  }

  /**
   * The key with a mark behind it, the same object each time.
   *
   * @param span what the numbers count; 0 for none, whose mark is another one then
   * @param number comes behind the mark; the key of another one for the same span is forgotten
   */
  String of(String key, String mark, long span, long number) {
    for (Derived each : known) {
      if (each.number == number && each.isOf(key, span)) {
        return each.derived;
      }
    }
    return make(new Derived(key, mark, span, number));
  }

  private synchronized String make(Derived made) {
    List<Derived> next = new ArrayList<>();
    next.add(made);
    for (Derived each : known) {
      if (!each.isOf(made.key, made.span) && next.size() < MOST) {
        next.add(each);
      }
    }
    known = next.toArray(NONE);
    return made.derived;
  }
}
