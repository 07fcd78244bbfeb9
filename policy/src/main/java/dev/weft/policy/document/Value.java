package dev.weft.policy.document;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a YAML document with its place. Immutable.
 *
 * <p>A scalar keeps its text as written: what {@code no}, {@code 010} or {@code 1e3} means is
 * decided by the type of the field it stands in, not by the rules of YAML 1.1.
 */
public abstract class Value {
  private final Mark mark;
  private final int size;

  private Value(Mark mark, int size) {
    this.mark = mark;
    this.size = size;
  }

  /** Returns the place where the value begins. */
  public final Mark mark() {
    return mark;
  }

  /** Returns how many values this one consists of, with aliases counted as what they stand for. */
  final int size() {
    return size;
  }

  /** Returns what this is, for messages: {@code a text}, {@code a list} or {@code an object}. */
  public abstract String describe();

  /** A scalar. */
  public static final class Scalar extends Value {
    /** Text without quotes. */
    public final String text;

    /** Whether the text was written without quotes and may thus be meant as something else. */
    public final boolean plain;

    Scalar(Mark mark, String text, boolean plain) {
      super(mark, 1);
      this.text = text;
      this.plain = plain;
    }

    /** Returns whether this is YAML's null. */
    public boolean isNull() {
      return plain
          && (text.isEmpty()
              || text.equals("~")
              || text.equals("null")
              || text.equals("Null")
              || text.equals("NULL"));
    }

    @Override
    public String describe() {
      if (isNull()) {
        return "nothing";
      }
      return '"' + (text.length() > 60 ? text.substring(0, 60) + "..." : text) + '"';
    }
  }

  /** A list. */
  public static final class Sequence extends Value {
    /** Elements in order. */
    public final List<Value> elements;

    Sequence(Mark mark, List<Value> elements, int size) {
      super(mark, size);
      this.elements = Collections.unmodifiableList(elements);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /** An object. */
  public static final class Mapping extends Value {
    /** Entries by key in the order of the text. */
    public final Map<String, Entry> entries;

    Mapping(Mark mark, Map<String, Entry> entries, int size) {
      super(mark, size);
      this.entries = Collections.unmodifiableMap(entries);
    }

    /** Returns this object without the entries under these keys. */
    public Mapping without(Collection<String> keys) {
      Map<String, Entry> rest = new LinkedHashMap<>(entries);
      rest.keySet().removeAll(keys);
      return new Mapping(mark(), rest, size());
    }

    @Override
    public String describe() {
      return "an object";
    }
  }

  /** An entry of an object. */
  public static final class Entry {
    /** Key as a scalar, for its place and whether it was quoted. */
    public final Scalar key;

    /** Value under the key. */
    public final Value value;

    Entry(Scalar key, Value value) {
      this.key = key;
      this.value = value;
    }
  }
}
