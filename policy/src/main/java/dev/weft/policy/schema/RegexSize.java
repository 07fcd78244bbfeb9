package dev.weft.policy.schema;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Estimates how large the program of an RE2 expression becomes, before it is compiled.
 *
 * <p>Nested counts multiply: {@code ((a{100}){100}){100}} has 20 characters and a million steps,
 * and re2j, unlike RE2 itself, does not bound that. The estimate is an upper bound for what it
 * understands; what is not an expression at all is left for the compiler to refuse.
 */
final class RegexSize {
  /** Largest program, in steps: far more than a rule needs, compiled in a millisecond. */
  static final long MAX = 10_000;

  private final String text;
  private final Deque<Long> outer = new ArrayDeque<>();
  private int at;
  private long group;
  private long last;

  private RegexSize(String text) {
    this.text = text;
  }

  static boolean isAcceptable(String expression) {
    return new RegexSize(expression).measure() <= MAX;
  }

  private long measure() {
    while (at < text.length() && group + last <= MAX) {
      step();
    }
    long size = group + last;
    for (long open : outer) {
      size += open;
    }
    return size;
  }

  private void step() {
    char c = text.charAt(at);
    if (c == '\\') {
      atom(skipEscape());
    } else if (c == '[') {
      atom(skipClass());
    } else if (c == '(') {
      outer.push(group + last);
      group = 1;
      last = 0;
      at++;
    } else if (c == ')') {
      long whole = group + last;
      group = outer.isEmpty() ? 0 : outer.pop();
      last = whole + 1;
      at++;
    } else if (c == '{') {
      repeat();
    } else {
      // Quantifiers without a count, anchors and letters take a step each.
      if (c == '*' || c == '+' || c == '?') {
        last++;
        at++;
      } else {
        atom(at + 1);
      }
    }
  }

  private void atom(int end) {
    group += last;
    last = 1;
    at = end;
  }

  /** Reads {@code {n}}, {@code {n,}} or {@code {n,m}}; any other brace is a letter. */
  private void repeat() {
    int close = text.indexOf('}', at);
    String inside = close < 0 ? "" : text.substring(at + 1, close);
    if (!inside.matches("[0-9]{1,9}(?:,[0-9]{0,9})?")) {
      atom(at + 1);
      return;
    }
    long most = 1;
    for (String bound : inside.split(",")) {
      most = Math.max(most, Long.parseLong(bound));
    }
    last = (last + 1) * (most + 1);
    at = close + 1;
  }

  private int skipEscape() {
    int next = at + 1;
    if (next >= text.length()) {
      return next;
    }
    char kind = text.charAt(next);
    if (kind == 'Q') {
      int end = text.indexOf("\\E", next);
      int stop = end < 0 ? text.length() : end + 2;
      group += stop - next;
      return stop;
    }
    boolean braces = (kind == 'x' || kind == 'p' || kind == 'P') && text.startsWith("{", next + 1);
    int close = braces ? text.indexOf('}', next) : -1;
    return close < 0 ? next + 1 : close + 1;
  }

  private int skipClass() {
    int i = at + 1;
    if (text.startsWith("^", i)) {
      i++;
    }
    if (text.startsWith("]", i)) {
      i++;
    }
    while (i < text.length() && text.charAt(i) != ']') {
      if (text.startsWith("[:", i) && text.indexOf(":]", i) > 0) {
        i = text.indexOf(":]", i) + 2;
      } else {
        i += text.charAt(i) == '\\' ? 2 : 1;
      }
    }
    return Math.min(i + 1, text.length());
  }
}
