package dev.weft.meshctl;

import java.util.ArrayList;
import java.util.List;

/** The differences of two short texts, as {@code diff -u} prints them, without the file names. */
final class UnifiedDiff {
  private static final int CONTEXT = 3;

  /**
   * The table that finds the least difference has the product of both lengths in cells; texts
   * beyond it are shown as wholly replaced.
   */
  private static final int MOST_CELLS = 16_000_000;

  /** A line and what became of it: blank, minus or plus; numbers count from 1. */
  private record Edit(char sign, String line, int before, int after) {}

  private UnifiedDiff() {}

  static List<String> of(List<String> before, List<String> after) {
    boolean small = (long) before.size() * after.size() <= MOST_CELLS;
    List<Edit> edits = small ? edits(before, after) : replaced(before, after);
    List<String> lines = new ArrayList<>();
    int next = 0;
    while (next < edits.size()) {
      if (edits.get(next).sign() == ' ') {
        next++;
        continue;
      }
      int start = Math.max(0, next - CONTEXT);
      int end = endOfHunk(edits, next);
      lines.add(head(edits.subList(start, end)));
      for (Edit edit : edits.subList(start, end)) {
        lines.add(edit.sign() + edit.line());
      }
      next = end;
    }
    return lines;
  }

  /** Changes with fewer unchanged lines between them than both contexts share a hunk. */
  private static int endOfHunk(List<Edit> edits, int changed) {
    int last = changed;
    for (int i = changed; i < edits.size() && i - last <= 2 * CONTEXT; i++) {
      if (edits.get(i).sign() != ' ') {
        last = i;
      }
    }
    return Math.min(edits.size(), last + CONTEXT + 1);
  }

  private static String head(List<Edit> hunk) {
    long old = hunk.stream().filter(edit -> edit.sign() != '+').count();
    long fresh = hunk.stream().filter(edit -> edit.sign() != '-').count();
    Edit first = hunk.get(0);
    return "@@ -"
        + (old == 0 ? first.before() - 1 : first.before())
        + ","
        + old
        + " +"
        + (fresh == 0 ? first.after() - 1 : first.after())
        + ","
        + fresh
        + " @@";
  }

  private static List<Edit> edits(List<String> before, List<String> after) {
    int[][] common = common(before, after);
    List<Edit> edits = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        edits.add(new Edit(' ', before.get(i), ++i, ++j));
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        edits.add(new Edit('-', before.get(i), i + 1, j + 1));
        i++;
      } else {
        edits.add(new Edit('+', after.get(j), i + 1, j + 1));
        j++;
      }
    }
    return edits;
  }

  private static List<Edit> replaced(List<String> before, List<String> after) {
    List<Edit> edits = new ArrayList<>();
    for (String line : before) {
      edits.add(new Edit('-', line, edits.size() + 1, 1));
    }
    for (String line : after) {
      edits.add(new Edit('+', line, before.size() + 1, edits.size() - before.size() + 1));
    }
    return edits;
  }

  /** The length of the longest common sequence of what follows each pair of places. */
  private static int[][] common(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    return common;
  }
}
