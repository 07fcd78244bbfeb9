package dev.weft.meshctl;

/** What the control server finds fault with in a text. */
final class Problems {
  private Problems() {}

  /** One line, the way compilers report: {@code file:line:column: field: message}. */
  static String line(Json problem) {
    String field = problem.text("field");
    return problem.text("file")
        + ":"
        + problem.text("line")
        + ":"
        + problem.text("column")
        + ": "
        + (field.isEmpty() ? "" : field + ": ")
        + problem.text("message");
  }
}
