package dev.weft.agent.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;

/** Lambdas and method references of every kind that the compiler makes. */
final class LambdaSamples implements Callable<String> {
  private final String name;
  private final long large = 1L << 40;

  LambdaSamples() {
    this("weft");
  }

  private LambdaSamples(String name) {
    this.name = name;
  }

  /** An interface with a lambda of its own, which must be reachable from elsewhere. */
  interface Greeting {
    String greet(String who);

    default Greeting twice() {
      return who -> greet(greet(who));
    }

    static Greeting plain() {
      return who -> "hi " + who;
    }
  }

  private String decorated(int count, double weight) {
    return name + count + weight;
  }

  private static String joined(Object... parts) {
    return Arrays.toString(parts);
  }

  @Override
  public String call() {
    List<String> seen = new ArrayList<>();
    int count = 7;
    double weight = 1.5;
    Supplier<String> captures = () -> decorated(count, weight) + large;
    seen.add(captures.get());
    BiFunction<Integer, Double, String> own = this::decorated;
    seen.add(own.apply(1, 2.0));
    Function<String, LambdaSamples> makes = LambdaSamples::new;
    seen.add(makes.apply("made").name);
    IntFunction<long[]> array = long[]::new;
    seen.add("" + array.apply(3).length);
    ToIntFunction<String> length = String::length;
    seen.add("" + length.applyAsInt("four"));
    ToLongFunction<Integer> widens = Integer::intValue;
    ToDoubleFunction<Integer> unboxes = i -> i;
    seen.add("" + widens.applyAsLong(5) + unboxes.applyAsDouble(6));
    LongSupplier bound = name::length;
    seen.add("" + bound.getAsLong());
    Function<Integer, Object> boxes = Integer::bitCount;
    seen.add("" + boxes.apply(255));
    Runnable discards = seen::size;
    discards.run();
    Runnable discardsLong = this::measure;
    discardsLong.run();
    Function<Object[], String> spread = LambdaSamples::joined;
    seen.add(spread.apply(new Object[] {1, "b"}));
    seen.sort(Comparator.comparing(String::length).thenComparing(Comparator.naturalOrder()));
    seen.add(Greeting.plain().twice().greet("you"));
    Supplier<Supplier<String>> nested = () -> () -> name + count;
    seen.add(nested.get().get());
    for (Function<String, Object> function : table()) {
      seen.add("" + function.apply(" some text "));
    }
    for (LongFunction<String> function : tableOfThis(3, 0.5)) {
      seen.add(function.apply(1L << 33));
    }
    return String.join("|", seen);
  }

  /** Many of one shape, one of them twice. */
  private static List<Function<String, Object>> table() {
    return List.of(
        String::length,
        String::trim,
        String::isEmpty,
        String::toUpperCase,
        String::toLowerCase,
        String::hashCode,
        String::strip,
        String::isBlank,
        String::toString,
        String::stripIndent,
        String::translateEscapes,
        String::intern,
        String::stripLeading,
        String::stripTrailing,
        text -> new LambdaSamples(text).name,
        text -> text + 1,
        String::length,
        text -> text.length() * 2L);
  }

  /** Many that capture the same. */
  private List<LongFunction<String>> tableOfThis(int count, double weight) {
    return List.of(
        n -> decorated(count, weight) + n + "a",
        n -> decorated(count, weight) + n + "b",
        n -> decorated(count, weight) + n + "c",
        n -> decorated(count, weight) + n + "d",
        n -> decorated(count, weight) + n + "e",
        n -> decorated(count, weight) + n + "f",
        n -> decorated(count, weight) + n + "g",
        n -> decorated(count, weight) + n + "h",
        n -> decorated(count, weight) + n + "i",
        n -> decorated(count, weight) + n + "j",
        n -> decorated(count, weight) + n + "k",
        n -> decorated(count, weight) + n + "l",
        n -> decorated(count, weight) + n + "m",
        n -> decorated(count, weight) + n + "n",
        n -> decorated(count, weight) + n + "o",
        n -> decorated(count, weight) + n + "p");
  }

  private long measure() {
    return large;
  }

  /** The same object each time: it captures nothing. */
  static Supplier<String> constant() {
    return () -> "constant";
  }
}
