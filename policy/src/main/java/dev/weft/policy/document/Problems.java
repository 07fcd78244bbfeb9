package dev.weft.policy.document;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Collects the problems of one text, up to a limit. Not thread-safe. */
public final class Problems {
  private static final int MAX = 200;

  private final String file;
  private final List<Problem> list = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private Problems(String file) {
    this.file = file;
  }

  /** Returns an empty collection for the text of that name. */
  public static Problems in(String file) {
    return new Problems(file);
  }

  /** Adds a breach of the kind's rules. */
  public void invalid(Mark mark, String field, String message) {
    add(Problem.Code.INVALID, mark, field, message);
  }

  /** Adds a part that Weft does not carry out yet. */
  public void notInForce(Mark mark, String field, String what) {
    add(
        Problem.Code.NOT_IN_FORCE,
        mark,
        field,
        what + ": not in force in Weft yet; take it out to apply the rest");
  }

  /**
   * Adds a warning about a part that is accepted and kept although nothing comes of it: it has no
   * meaning without a proxy. Warnings do not count as problems.
   *
   * @param why completes "has no effect: "
   */
  public void withoutEffect(Mark mark, String field, String why) {
    if (warnings.size() < MAX) {
      String message = "has no effect: " + why;
      warnings.add(Problem.of(Problem.Code.WITHOUT_EFFECT, file, mark, field, message));
    }
  }

  /** Adds a fault of the text itself. */
  public void syntax(Mark mark, String message) {
    add(Problem.Code.SYNTAX, mark, "", message);
  }

  private void add(Problem.Code code, Mark mark, String field, String message) {
    if (list.size() < MAX) {
      list.add(Problem.of(code, file, mark, field, message));
    } else if (list.size() == MAX) {
      list.add(Problem.of(code, file, mark, "", "more problems follow; correct these first"));
    }
  }

  /** Returns whether so many problems were found that looking further is of no use. */
  public boolean full() {
    return list.size() > MAX;
  }

  /** Returns whether nothing was found. */
  public boolean isEmpty() {
    return list.isEmpty();
  }

  /** Returns how many were found. */
  public int count() {
    return list.size();
  }

  /** Returns what was found in the order of the text; a note that there is more comes last. */
  public List<Problem> list() {
    List<Problem> sorted = sorted(list.subList(0, Math.min(MAX, list.size())));
    sorted.addAll(list.subList(sorted.size(), list.size()));
    return Collections.unmodifiableList(sorted);
  }

  /** Returns how many warnings there are. */
  public int warningCount() {
    return warnings.size();
  }

  /** Returns the warnings from the given one on, in the order of the text. */
  public List<Problem> warningsFrom(int index) {
    return Collections.unmodifiableList(sorted(warnings.subList(index, warnings.size())));
  }

  private static List<Problem> sorted(List<Problem> found) {
    List<Problem> sorted = new ArrayList<>(found);
    sorted.sort(
        Comparator.comparingInt((Problem problem) -> problem.mark.line)
            .thenComparingInt(problem -> problem.mark.column));
    return sorted;
  }
}
