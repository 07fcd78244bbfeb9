package dev.weft.agent.settings;

import org.jspecify.annotations.Nullable;

/**
 * What the value of a setting looks like. Checked by hand: a regular expression costs a millisecond
 * of every start.
 */
enum Form {
  TEXT,
  TRUTH,
  NAME,
  LABELS,
  HOSTS,
  LOCALITY,
  HTTPS,
  PORT,
  MILLIS,
  FAILURE;

  /** What is wrong with the value, as the end of a sentence, null for nothing. */
  @Nullable String misfit(String value) {
    switch (this) {
      case TRUTH:
        return value.equals("true") || value.equals("false") ? null : "is neither true nor false";
      case NAME:
        return name(value);
      case LABELS:
        return labels(value);
      case HOSTS:
        return hosts(value);
      case LOCALITY:
        return locality(value);
      case HTTPS:
        return value.startsWith("https://") && value.length() > "https://".length()
            ? null
            : "does not start with https:// and a host";
      case PORT:
        return between(value, 65_535) ? null : "is not a port from 0 to 65535";
      case MILLIS:
        return between(value, 60_000) ? null : "is not a number of milliseconds from 0 to 60000";
      case FAILURE:
        return value.equals("allow") || value.equals("deny")
            ? null
            : "is neither allow nor deny, and is taken as deny";
      case TEXT:
        break;
    }
    return value.isEmpty() ? "is empty" : null;
  }

  private static @Nullable String name(String value) {
    if (value.isEmpty() || value.length() > 63) {
      return "is not 1 to 63 characters long";
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean inner = i > 0 && i < value.length() - 1;
      boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!alphanumeric && !(inner && (c == '-' || c == '.'))) {
        return "is not a name of lower case letters, digits, '-' and '.'";
      }
    }
    return null;
  }

  private static @Nullable String labels(String value) {
    for (String label : value.split("[,;]", -1)) {
      if (label.indexOf('=') <= 0) {
        return "is not a list of name=value, separated by commas";
      }
    }
    return null;
  }

  private static @Nullable String hosts(String value) {
    for (String host : value.split("[,;]", -1)) {
      String misfit = name(host.trim());
      if (misfit != null) {
        return "is not a list of host names, separated by commas: '" + host + "' " + misfit;
      }
    }
    return null;
  }

  private static @Nullable String locality(String value) {
    String[] parts = value.split("/", -1);
    for (String part : parts) {
      if (part.isEmpty()) {
        return "is not region/zone/sub-zone";
      }
    }
    return parts.length > 3 ? "is not region/zone/sub-zone" : null;
  }

  private static boolean between(String value, int max) {
    try {
      int number = Integer.parseInt(value);
      return number >= 0 && number <= max;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
