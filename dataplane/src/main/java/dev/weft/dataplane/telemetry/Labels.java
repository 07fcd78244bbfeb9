package dev.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The label values of one series, in the order of the family's label names. Immutable. */
final class Labels {

  /** What a value becomes once the family holds as many series as it may. */
  static final String OTHER = "other";

  private static final int MAX_VALUE_LENGTH = 200;

  private final List<String> values;

  private Labels(List<String> values) {
    this.values = values;
  }

  static Labels of(String... values) {
    String[] bounded = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      bounded[i] = value.length() > MAX_VALUE_LENGTH ? value.substring(0, MAX_VALUE_LENGTH) : value;
    }
    return new Labels(Collections.unmodifiableList(Arrays.asList(bounded)));
  }

  static Labels other(int count) {
    return new Labels(Collections.nCopies(count, OTHER));
  }

  List<String> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels && values.equals(((Labels) other).values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
