package dev.weft.policy.resource;

import org.jspecify.annotations.Nullable;

/**
 * Checks where Envoy's operators begin and end in the value of a header: {@code %NAME%} or {@code
 * %NAME(arguments)%}, with the arguments plain or as a JSON list of texts; {@code %%} is a percent
 * sign. What the names mean is not looked at (Istio: {@code validateHeaderValue}).
 */
final class Operators {
  private enum Place {
    TEXT,
    NAME,
    ARGUMENTS,
    BEFORE_QUOTE,
    ARGUMENT,
    AFTER_QUOTE,
    LIST_END,
    END,
    WRONG
  }

  private Operators() {}

  /** Returns what is wrong with a value and what to do, or null. */
  static @Nullable String problem(String value) {
    Place place = Place.TEXT;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean escape =
          (place == Place.TEXT && c == '%' && value.startsWith("%", i + 1))
              || (place == Place.ARGUMENT && c == '\\');
      if (escape) {
        i++;
      } else {
        place = next(place, c);
      }
    }
    if (place == Place.TEXT) {
      return null;
    }
    return value.indexOf('%') == value.lastIndexOf('%')
        ? "must write a percent sign twice: %%"
        : "must end each operator with %, as %NAME% and %NAME(x)%, and write other % twice";
  }

  private static Place next(Place place, char c) {
    switch (place) {
      case TEXT:
        return c == '%' ? Place.NAME : place;
      case NAME:
        return c == '%' ? Place.TEXT : c == '(' ? Place.ARGUMENTS : place;
      case ARGUMENTS:
        return c == '[' ? Place.BEFORE_QUOTE : c == ' ' ? place : Place.ARGUMENT;
      case BEFORE_QUOTE:
        return c == '"' ? Place.ARGUMENT : spaceOnly(place, c);
      case ARGUMENT:
        return c == ')' ? Place.END : c == '"' ? Place.AFTER_QUOTE : place;
      case AFTER_QUOTE:
        return c == ',' ? Place.BEFORE_QUOTE : c == ']' ? Place.LIST_END : spaceOnly(place, c);
      case LIST_END:
        return c == ')' ? Place.END : spaceOnly(place, c);
      case END:
        return c == '%' ? Place.TEXT : spaceOnly(place, c);
      default:
        return place;
    }
  }

  private static Place spaceOnly(Place place, char c) {
    return c == ' ' ? place : Place.WRONG;
  }
}
