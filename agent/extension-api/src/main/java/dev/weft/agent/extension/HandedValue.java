package dev.weft.agent.extension;

import org.jspecify.annotations.Nullable;

/** What advice hands to a hook of the method that is called. Immutable. */
public final class HandedValue {
  /** Where a value comes from. */
  public enum Source {
    /** Null. */
    NOTHING,
    /** The receiver. */
    SELF,
    /** One argument. */
    ARGUMENT,
    /** All arguments, in an {@code Object[]} made for the call. */
    ARGUMENTS,
    /** A field of the receiver, of any visibility. */
    FIELD
  }

  private final Source source;
  private final int index;
  private final String name;

  private HandedValue(Source source, int index, String name) {
    this.source = source;
    this.index = index;
    this.name = name;
  }

  /** No value, in the place of one that the hook does not need. */
  public static HandedValue nothing() {
    return new HandedValue(Source.NOTHING, 0, "");
  }

  /** The receiver. */
  public static HandedValue self() {
    return new HandedValue(Source.SELF, 0, "");
  }

  /** An argument of any type, from 0. */
  public static HandedValue argument(int index) {
    return new HandedValue(Source.ARGUMENT, index, "");
  }

  /**
   * An argument that the hook takes for an object of one type: a method whose parameter is another
   * is none that the unit knows, and not woven.
   *
   * @param index from 0
   * @param type name of a class or an interface, as of {@code Class.getName()}
   */
  public static HandedValue argument(int index, String type) {
    return new HandedValue(Source.ARGUMENT, index, type);
  }

  /** All arguments. They are put into an array for each call: for methods of many overloads. */
  public static HandedValue arguments() {
    return new HandedValue(Source.ARGUMENTS, 0, "");
  }

  /** A field of the receiver; a class without it is not woven. */
  public static HandedValue field(String name) {
    return new HandedValue(Source.FIELD, 0, name);
  }

  /** Where it comes from. */
  public Source source() {
    return source;
  }

  /** Index of an argument. */
  public int index() {
    return index;
  }

  /** Name of a field. */
  public String name() {
    return name;
  }

  /** What type an argument must be of, null for any. */
  public @Nullable String type() {
    return source == Source.ARGUMENT && !name.isEmpty() ? name : null;
  }
}
