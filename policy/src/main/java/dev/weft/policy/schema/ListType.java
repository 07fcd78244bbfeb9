package dev.weft.policy.schema;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list whose elements are of one type. Immutable. */
public final class ListType extends Type {
  private final Type element;
  private final int min;
  private final int max;
  private final boolean nullIsEmpty;

  private ListType(Type element, int min, int max, boolean nullIsEmpty) {
    this.element = element;
    this.min = min;
    this.max = max;
    this.nullIsEmpty = nullIsEmpty;
  }

  /** Returns the type of a list, which may be empty. */
  public static ListType of(Type element) {
    return new ListType(element, 0, 65_536, false);
  }

  /** Returns this type with at least one element. */
  public ListType nonEmpty() {
    return new ListType(element, 1, max, nullIsEmpty);
  }

  /** Returns this type with at most so many elements. */
  public ListType atMost(int count) {
    return new ListType(element, min, count, nullIsEmpty);
  }

  /** Returns this type of objects, in which an element without a value is an empty one. */
  public ListType nullIsEmpty() {
    return new ListType(element, min, max, true);
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
      if (nullIsEmpty && isNull(elements.get(i))) {
        result.add(new LinkedHashMap<String, Object>());
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
