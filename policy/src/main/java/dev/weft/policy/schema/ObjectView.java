package dev.weft.policy.schema;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a rule sees of an object: its fields as written, leniently, and where to report.
 *
 * <p>A field of the wrong type reads as absent or empty: that has been reported by its type.
 */
public final class ObjectView {
  private final Value.Mapping mapping;
  private final String path;
  private final Problems problems;

  ObjectView(Value.Mapping mapping, String path, Problems problems) {
    this.mapping = mapping;
    this.path = path;
    this.problems = problems;
  }

  /** Returns whether the field was written. */
  public boolean has(String field) {
    return mapping.entries.containsKey(field);
  }

  /** Returns whether one of the fields was written. */
  public boolean hasAny(String... fields) {
    for (String field : fields) {
      if (has(field)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether the list or object under the field is there and has anything in it. */
  public boolean hasContent(String field) {
    Value value = value(field);
    if (value instanceof Value.Sequence) {
      return !((Value.Sequence) value).elements.isEmpty();
    }
    return value instanceof Value.Mapping && !((Value.Mapping) value).entries.isEmpty();
  }

  /** Returns the keys of the object under the field. */
  public List<String> keys(String field) {
    Value value = value(field);
    return value instanceof Value.Mapping
        ? new ArrayList<>(((Value.Mapping) value).entries.keySet())
        : new ArrayList<>();
  }

  /** Returns the text under the field, empty when there is none. */
  public String text(String field) {
    Value value = value(field);
    return value instanceof Value.Scalar ? ((Value.Scalar) value).text : "";
  }

  /** Returns the number under the field, or {@code absent}. */
  public double number(String field, double absent) {
    try {
      String text = text(field);
      return text.isEmpty() ? absent : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  /** Returns the texts in the list under the field. */
  public List<String> texts(String field) {
    List<String> result = new ArrayList<>();
    for (Value element : elements(field)) {
      result.add(element instanceof Value.Scalar ? ((Value.Scalar) element).text : "");
    }
    return result;
  }

  /** Returns the objects in the list under the field. */
  public List<ObjectView> objects(String field) {
    List<ObjectView> result = new ArrayList<>();
    List<Value> elements = elements(field);
    for (int i = 0; i < elements.size(); i++) {
      if (elements.get(i) instanceof Value.Mapping) {
        String below = ObjectType.join(path, field) + "[" + i + "]";
        result.add(new ObjectView((Value.Mapping) elements.get(i), below, problems));
      }
    }
    return result;
  }

  /** Returns the object under the field, or null when there is none. */
  public @Nullable ObjectView object(String field) {
    Value value = value(field);
    return value instanceof Value.Mapping
        ? new ObjectView((Value.Mapping) value, ObjectType.join(path, field), problems)
        : null;
  }

  /** Reports a breach at the field, or at the object when the field is absent. */
  public void invalid(String field, String message) {
    problems.invalid(markOf(field), ObjectType.join(path, field), message);
  }

  /** Reports a breach at an element of the list under the field. */
  public void invalid(String field, int index, String message) {
    problems.invalid(
        elements(field).get(index).mark(),
        ObjectType.join(path, field) + "[" + index + "]",
        message);
  }

  /** Reports a breach at the object as a whole. */
  public void invalid(String message) {
    problems.invalid(mapping.mark(), path, message);
  }

  /** Reports a part that is not in force, at the field or, when it is absent, at the object. */
  public void notInForce(String field, String what) {
    problems.notInForce(markOf(field), ObjectType.join(path, field), what);
  }

  /**
   * Warns that nothing comes of the field, which is accepted nevertheless.
   *
   * @param why completes "has no effect: "
   */
  public void withoutEffect(String field, String why) {
    problems.withoutEffect(markOf(field), ObjectType.join(path, field), why);
  }

  private Mark markOf(String field) {
    Value.Entry entry = mapping.entries.get(field);
    return entry == null ? mapping.mark() : entry.key.mark();
  }

  private @Nullable Value value(String field) {
    Value.Entry entry = mapping.entries.get(field);
    return entry == null ? null : entry.value;
  }

  private List<Value> elements(String field) {
    Value value = value(field);
    return value instanceof Value.Sequence
        ? ((Value.Sequence) value).elements
        : new ArrayList<Value>();
  }
}
