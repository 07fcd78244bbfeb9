package dev.weft.policy.schema;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Types of single values. The field's type, not YAML 1.1, decides what a plain scalar means. */
public final class Scalars {
  private static final Set<String> BOOLEAN_WORDS =
      new HashSet<>(Arrays.asList("true", "false", "yes", "no", "on", "off", "y", "n"));
  private static final Pattern NUMBER_LIKE =
      Pattern.compile(
          "[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+"
              + "|(?:[0-9][0-9_]*(?:\\.[0-9_]*)?|\\.[0-9_]+)(?:[eE][-+]?[0-9]+)?"
              + "|\\.(?:inf|Inf|INF))|\\.(?:nan|NaN|NAN)");
  private static final Pattern WHOLE = Pattern.compile("-?(?:0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(?:0|[1-9][0-9]{0,14})(?:\\.[0-9]{1,15})?");

  private Scalars() {}

  /** Returns the type of a text under a constraint; {@code what} completes "must be". */
  public static Type text(String what, Check check) {
    return new Text(what, check);
  }

  /** Returns the type of any text. */
  public static Type text() {
    return new Text("a text", text -> null);
  }

  /** Returns the type of a duration under a constraint, as Go writes it: {@code 1h30m}. */
  public static Type duration(Check check) {
    return new Duration(check);
  }

  /** Returns the type of a whole number within a range. */
  public static Type integer(long min, long max) {
    return new Whole(min, max);
  }

  /** Returns the type of a number within a range. */
  public static Type number(double min, double max) {
    return new Decimal(min, max);
  }

  /** Returns the type of true or false. */
  public static Type flag() {
    return new Flag();
  }

  /** Returns a type of one of several words, to which {@link Choice#refused} adds others. */
  public static Choice choice(String... words) {
    return new Choice(Arrays.asList(words), new LinkedHashMap<>());
  }

  /** Returns whether YAML would take the unquoted text for a boolean. */
  static boolean isBooleanWord(String text) {
    return text.length() <= 5 && BOOLEAN_WORDS.contains(text.toLowerCase(Locale.ROOT));
  }

  private static class Text extends Type {
    private final String what;
    private final Check check;

    Text(String what, Check check) {
      this.what = what;
      this.check = check;
    }

    @Override
    public @Nullable Object read(Value value, String path, Problems problems) {
      if (!(value instanceof Value.Scalar) || isNull(value)) {
        return mismatch(value, path, problems);
      }
      Value.Scalar scalar = (Value.Scalar) value;
      String problem = scalar.plain ? ambiguity(scalar.text) : null;
      if (problem == null) {
        problem = check.problem(scalar.text);
      }
      if (problem != null) {
        problems.invalid(value.mark(), path, problem);
        return null;
      }
      return scalar.text;
    }

    @Nullable String ambiguity(String text) {
      if (isBooleanWord(text)) {
        return "must be a text, but YAML takes " + text + " for a boolean; put it in quotes";
      }
      if (NUMBER_LIKE.matcher(text).matches()) {
        return "must be a text, but YAML takes " + text + " for a number; put it in quotes";
      }
      return null;
    }

    @Override
    public String describe() {
      return what;
    }
  }

  private static final class Duration extends Text {
    Duration(Check check) {
      super("a duration such as 500ms or 10s", check);
    }

    @Override
    @Nullable String ambiguity(String text) {
      return NUMBER_LIKE.matcher(text).matches()
          ? "must be " + describe() + "; add a unit to " + text
          : super.ambiguity(text);
    }
  }

  private static final class Whole extends Type {
    private final long min;
    private final long max;

    Whole(long min, long max) {
      this.min = min;
      this.max = max;
    }

    @Override
    public @Nullable Object read(Value value, String path, Problems problems) {
      if (!(value instanceof Value.Scalar) || isNull(value)) {
        return mismatch(value, path, problems);
      }
      Value.Scalar scalar = (Value.Scalar) value;
      if (!scalar.plain) {
        problems.invalid(value.mark(), path, "must be " + describe() + " without quotes");
        return null;
      }
      if (!WHOLE.matcher(scalar.text).matches()) {
        return NUMBER_LIKE.matcher(scalar.text).matches()
            ? ambiguous(value, path, problems)
            : mismatch(value, path, problems);
      }
      long number = Long.parseLong(scalar.text);
      return number < min || number > max ? mismatch(value, path, problems) : (Object) number;
    }

    private @Nullable Object ambiguous(Value value, String path, Problems problems) {
      problems.invalid(
          value.mark(),
          path,
          "must be "
              + describe()
              + " in decimal digits, without leading zeros, sign, point or exponent, not "
              + value.describe());
      return null;
    }

    @Override
    public String describe() {
      if (max >= Integer.MAX_VALUE) {
        return "a whole number of at least " + min;
      }
      return "a whole number from " + min + " to " + max;
    }
  }

  private static final class Decimal extends Type {
    private final double min;
    private final double max;

    Decimal(double min, double max) {
      this.min = min;
      this.max = max;
    }

    @Override
    public @Nullable Object read(Value value, String path, Problems problems) {
      if (!(value instanceof Value.Scalar)
          || !((Value.Scalar) value).plain
          || !DECIMAL.matcher(((Value.Scalar) value).text).matches()) {
        return mismatch(value, path, problems);
      }
      String text = ((Value.Scalar) value).text;
      double number = Double.parseDouble(text);
      if (number < min || number > max) {
        return mismatch(value, path, problems);
      }
      // A zero is the same whatever its sign: the two are not equal, and one is not written.
      return text.indexOf('.') < 0 ? (Object) Long.valueOf(text) : (Object) (number + 0.0);
    }

    @Override
    public String describe() {
      return "a number from " + plain(min) + " to " + plain(max);
    }

    private static String plain(double bound) {
      return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
    }
  }

  private static final class Flag extends Type {
    @Override
    public @Nullable Object read(Value value, String path, Problems problems) {
      if (value instanceof Value.Scalar && ((Value.Scalar) value).plain) {
        String text = ((Value.Scalar) value).text;
        if (text.equals("true") || text.equals("True") || text.equals("TRUE")) {
          return true;
        }
        if (text.equals("false") || text.equals("False") || text.equals("FALSE")) {
          return false;
        }
      }
      return mismatch(value, path, problems);
    }

    @Override
    public String describe() {
      return "true or false";
    }
  }

  /** One of several words. Immutable. */
  public static final class Choice extends Type {
    private final Iterable<String> words;
    private final Map<String, String> refused;

    private Choice(Iterable<String> words, Map<String, String> refused) {
      this.words = words;
      this.refused = refused;
    }

    /** Returns this choice with a word that Istio knows and Weft does not carry out yet. */
    public Choice refused(String word, String what) {
      Map<String, String> more = new LinkedHashMap<>(refused);
      more.put(word, what);
      return new Choice(words, more);
    }

    @Override
    public @Nullable Object read(Value value, String path, Problems problems) {
      if (!(value instanceof Value.Scalar) || isNull(value)) {
        return mismatch(value, path, problems);
      }
      String text = ((Value.Scalar) value).text;
      for (String word : words) {
        if (word.equals(text)) {
          return text;
        }
      }
      String what = refused.get(text);
      if (what == null) {
        return mismatch(value, path, problems);
      }
      problems.notInForce(value.mark(), path, text + " (" + what + ")");
      return null;
    }

    @Override
    public String describe() {
      return "one of " + String.join(", ", words);
    }
  }
}
