package dev.weft.policy.schema;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list whose elements are of one type. Immutable. */
public final class ListType extends Type {
  private final Type element;
  private final int min;
  private final int max;
  private final @Nullable String nullRefusal;

  private ListType(Type element, int min, int max, @Nullable String nullRefusal) {
    this.element = element;
    this.min = min;
    this.max = max;
    this.nullRefusal = nullRefusal;
  }

  /** Returns the type of a list, which may be empty. */
  public static ListType of(Type element) {
    return new ListType(element, 0, 65_536, null);
  }

  /** Returns this type with at least one element. */
  public ListType nonEmpty() {
    return new ListType(element, 1, max, nullRefusal);
  }

  /** Returns this type with at most so many elements. */
  public ListType atMost(int count) {
    return new ListType(element, min, count, nullRefusal);
  }

  /** Returns this type, in which Istio skips elements that are null and Weft refuses them. */
  public ListType nullRefused(String what) {
    return new ListType(element, min, max, what);
  }

  /** Returns the type of the elements. */
  public Type element() {
    return element;
  }

  @Override
  public @Nullable Object read(Value value, String path, Problems problems) {
    if (!(value instanceof Value.Sequence)) {
      return mismatch(value, path, problems);
    }
    List<Value> elements = ((Value.Sequence) value).elements;
    if (elements.size() < min || elements.size() > max) {
      problems.invalid(
          value.mark(),
          path,
          elements.isEmpty()
              ? "must not be empty; add an element or leave the field out"
              : "must have at most " + max + " elements, not " + elements.size());
      return null;
    }
    List<Object> result = new ArrayList<>(elements.size());
    for (int i = 0; i < elements.size() && !problems.full(); i++) {
      String below = path + "[" + i + "]";
      if (nullRefusal != null && isNull(elements.get(i))) {
        problems.notInForce(elements.get(i).mark(), below, nullRefusal);
        continue;
      }
      Object read = element.read(elements.get(i), below, problems);
      if (read != null) {
        result.add(read);
      }
    }
    return result;
  }

  @Override
  public String describe() {
    return "a list";
  }
}
