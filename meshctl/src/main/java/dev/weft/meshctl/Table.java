package dev.weft.meshctl;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A table as kubectl prints it: upper-case heads, columns three blanks apart. */
final class Table {
  private static final String GAP = "   ";

  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
  }

  /**
   * Adds a row; an empty cell is shown as {@code <none>}, and a control character, which an agent
   * may have sent to fool a terminal, as a question mark.
   */
  Table row(List<String> cells) {
    List<String> row = new ArrayList<>();
    for (String cell : cells) {
      row.add(cell.isEmpty() ? "<none>" : plain(cell));
    }
    rows.add(row);
    return this;
  }

  /** The text without control characters. */
  static String plain(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }

  void print(PrintStream out) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i));
        if (i < columns - 1) {
          line.append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
        }
      }
      out.println(line);
    }
  }
}
