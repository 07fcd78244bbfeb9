package dev.weft.dataplane.database;

import org.jspecify.annotations.Nullable;

/**
 * What the classes of SQLState mean for the health of a database (ISO 9075-2, and PostgreSQL's
 * appendix of error codes, which others follow).
 */
final class SqlStates {
  private SqlStates() {}

  /** Null when the state says nothing of it, so that the type of the exception may. */
  static DatabaseFailure.@Nullable Kind kind(String state) {
    if (state.length() != 5) {
      return null;
    }
    if (state.startsWith("08") || state.startsWith("57P") || state.startsWith("58")) {
      return DatabaseFailure.Kind.CONNECTION;
    }
    if (state.startsWith("53")) {
      return DatabaseFailure.Kind.OVERLOAD;
    }
    switch (state) {
      case "HYT00":
      case "HYT01":
      case "57014":
        return DatabaseFailure.Kind.TIMEOUT;
      case "HY000":
      case "S1000":
      case "99999":
        // "General error": the type of the exception knows more.
        return null;
      default:
        char first = state.charAt(0);
        // The standard's own classes are all answers of a database that is well.
        return first >= '0' && first <= '4' ? DatabaseFailure.Kind.STATEMENT : null;
    }
  }
}
