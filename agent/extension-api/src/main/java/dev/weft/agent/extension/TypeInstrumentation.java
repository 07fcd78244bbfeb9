package dev.weft.agent.extension;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The methods to weave in one class. Immutable.
 *
 * <p>Classes are named exactly, never matched by hierarchy: the names make the gate that every
 * loaded class passes first, a look-up in one hash set, and nothing else of the agent is touched
 * for classes outside it.
 */
public final class TypeInstrumentation {
  private final List<String> classNames;
  private final List<AdviceBinding> bindings;

  private TypeInstrumentation(List<String> classNames, List<AdviceBinding> bindings) {
    this.classNames = Collections.unmodifiableList(new ArrayList<String>(classNames));
    this.bindings = Collections.unmodifiableList(new ArrayList<AdviceBinding>(bindings));
  }

  /**
   * Weaves {@code bindings} into one class.
   *
   * @param className binary name, such as {@code java.net.http.HttpClient} or {@code a.Outer$Inner}
   */
  public static TypeInstrumentation of(String className, AdviceBinding... bindings) {
    return of(Collections.singletonList(className), bindings);
  }

  /**
   * Weaves the same {@code bindings} into each of several classes, such as all planners of a
   * client.
   */
  public static TypeInstrumentation of(List<String> classNames, AdviceBinding... bindings) {
    if (classNames.isEmpty() || bindings.length == 0) {
      throw new IllegalArgumentException("a type instrumentation needs a class and a binding");
    }
    return new TypeInstrumentation(classNames, Arrays.asList(bindings));
  }

  /**
   * A class by which a library shows itself that is {@linkplain Library.Builder#notWoven not
   * woven}.
   */
  public static TypeInstrumentation showing(String className) {
    return new TypeInstrumentation(
        Collections.singletonList(className), Collections.<AdviceBinding>emptyList());
  }

  /** Binary names of the classes. */
  public List<String> classNames() {
    return classNames;
  }

  /** What is woven into each of them, in this order. */
  public List<AdviceBinding> bindings() {
    return bindings;
  }
}
