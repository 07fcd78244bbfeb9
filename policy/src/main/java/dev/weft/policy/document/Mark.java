package dev.weft.policy.document;

/** A place in a text; line and column count from 1. Immutable. */
public final class Mark {
  /** The first character of a text. */
  public static final Mark START = of(1, 1);

  /** Line, from 1. */
  public final int line;

  /** Column in code points, from 1. */
  public final int column;

  private Mark(int line, int column) {
    this.line = line;
    this.column = column;
  }

  /** Returns the place. */
  public static Mark of(int line, int column) {
    return new Mark(line, column);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
