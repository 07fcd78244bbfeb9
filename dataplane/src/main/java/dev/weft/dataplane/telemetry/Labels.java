package dev.weft.dataplane.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The label values of one series, in the order of the family's label names. Immutable. */
final class Labels {

  /** What a value becomes once the family holds as many series as it may. */
  static final String OTHER = "other";

  private static final int MAX_VALUE_LENGTH = 200;

  private final List<String> added;
  private final List<String> values;

  private Labels(List<String> added, List<String> values) {
    this.added = added;
    this.values = values;
  }

  static Labels of(String... values) {
    return of(Collections.emptyList(), values);
  }

  /** Values of which the last ones are of labels that the family does not have. */
  static Labels of(List<String> added, String... values) {
    String[] bounded = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      String value = values[i];
      bounded[i] = value.length() > MAX_VALUE_LENGTH ? value.substring(0, MAX_VALUE_LENGTH) : value;
    }
    return new Labels(added, Collections.unmodifiableList(Arrays.asList(bounded)));
  }

  static Labels other(int count) {
    return new Labels(Collections.emptyList(), Collections.nCopies(count, OTHER));
  }

  /** The same labels with values that stand for all further ones. */
  Labels other() {
    return new Labels(added, Collections.nCopies(values.size(), OTHER));
  }

  /** The names of all values: those of the family and those added to it. */
  List<String> names(List<String> ofFamily) {
    if (added.isEmpty()) {
      return ofFamily;
    }
    List<String> names = new ArrayList<>(ofFamily);
    names.addAll(added);
    return names;
  }

  List<String> values() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Labels
        && values.equals(((Labels) other).values)
        && added.equals(((Labels) other).added);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }
}
