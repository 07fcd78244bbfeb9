package dev.weft.agent.dist;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.IntFunction;
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
    return String.join("|", seen);
  }

  private long measure() {
    return large;
  }

  /** The same object each time: it captures nothing. */
  static Supplier<String> constant() {
    return () -> "constant";
  }
}
