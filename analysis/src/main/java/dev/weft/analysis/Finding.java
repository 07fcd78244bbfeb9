package dev.weft.analysis;

import dev.weft.policy.document.Mark;

/**
 * Something about a resource that an operator should know. Immutable.
 *
 * @param code Istio's, such as {@code IST0101}, or empty where Istio has none
 * @param file empty for what is in the mesh
 */
public record Finding(
    String code, Level level, String reference, String file, Mark mark, String message) {

  /** How bad it is. */
  public enum Level {
    ERROR("Error"),
    WARNING("Warning"),
    INFO("Info");

    private final String text;

    Level(String text) {
      this.text = text;
    }

    /** As it is printed. */
    public String text() {
      return text;
    }
  }

  static Finding error(String code, Document document, Node where, String message) {
    return of(code, Level.ERROR, document, where, message);
  }

  static Finding warning(String code, Document document, Node where, String message) {
    return of(code, Level.WARNING, document, where, message);
  }

  /** IST0101: something that a resource refers to is not there. */
  static Finding notFound(Document document, Node where, String what, String name) {
    String message = "Referenced " + what + " not found: \"" + name + "\"";
    return error("IST0101", document, where, message);
  }

  /** IST0002: something is used that Istio is giving up. */
  static Finding deprecated(Document document, Node where, String what) {
    return warning("IST0002", document, where, "Deprecated: " + what);
  }

  static Finding info(String code, Document document, Node where, String message) {
    return of(code, Level.INFO, document, where, message);
  }

  private static Finding of(
      String code, Level level, Document document, Node where, String message) {
    return new Finding(code, level, document.reference(), document.file(), where.mark(), message);
  }

  /** As istioctl prints it, with the column besides; a place only for what stands in a file. */
  @Override
  public String toString() {
    String place = file.isEmpty() ? "" : file + ":" + mark;
    return level.text
        + (code.isEmpty() ? "" : " [" + code + "]")
        + " ("
        + reference
        + (reference.isEmpty() || place.isEmpty() ? "" : " ")
        + place
        + ") "
        + message;
  }
}
