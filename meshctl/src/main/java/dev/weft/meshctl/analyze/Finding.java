package dev.weft.meshctl.analyze;

import dev.weft.policy.document.Mark;

/**
 * Something about a resource that an operator should know. Immutable.
 *
 * @param code Istio's, such as {@code IST0101}, or empty where Istio has none
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
  }

  static Finding error(String code, Document document, Node where, String message) {
    return of(code, Level.ERROR, document, where, message);
  }

  static Finding warning(String code, Document document, Node where, String message) {
    return of(code, Level.WARNING, document, where, message);
  }

  private static Finding of(
      String code, Level level, Document document, Node where, String message) {
    return new Finding(code, level, document.reference(), document.file(), where.mark(), message);
  }

  /** As istioctl prints it, with the column besides. */
  @Override
  public String toString() {
    return level.text
        + (code.isEmpty() ? "" : " [" + code + "]")
        + " ("
        + (reference.isEmpty() ? "" : reference + " ")
        + file
        + ":"
        + mark
        + ") "
        + message;
  }
}
