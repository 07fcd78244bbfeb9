package dev.weft.policy.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Constraints on texts that several kinds share, as Istio's webhook checks them ({@code
 * pkg/config/validation}).
 */
public final class Checks {
  private static final String DNS_LABEL = "[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?";
  private static final Pattern LABEL = Pattern.compile(DNS_LABEL);
  private static final Pattern WILDCARD_LABEL = Pattern.compile("\\*|(?:\\*|\\*-)?" + DNS_LABEL);
  private static final Pattern OBJECT_NAME =
      Pattern.compile("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern QUALIFIED_NAME =
      Pattern.compile(
          "(?:"
              + DNS_LABEL
              + "(?:\\."
              + DNS_LABEL
              + ")*/)?"
              + "[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?");
  private static final Pattern LABEL_VALUE =
      Pattern.compile("(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?");
  private static final Pattern HEADER_NAME = Pattern.compile("[-!#$%&'*+.^_`|~A-Za-z0-9]+");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final int MAX_REGEX = 1024;

  private Checks() {}

  /** Checks that there is any text. */
  public static @Nullable String notEmpty(String text) {
    return text.isEmpty() ? "must not be empty" : null;
  }

  /** Checks a DNS label (RFC 1123), such as a namespace or the name of a subset or port. */
  public static @Nullable String dnsLabel(String text) {
    return text.length() <= 63 && LABEL.matcher(text).matches()
        ? null
        : "must be a DNS label (letters, digits and -, at most 63 characters), not \"" + text + '"';
  }

  /** Checks the name of a resource: a DNS name in lower case. */
  public static @Nullable String objectName(String text) {
    return text.length() <= 253 && OBJECT_NAME.matcher(text).matches()
        ? null
        : "must be a name in lower case (letters, digits, - and .), not \"" + text + '"';
  }

  /** Checks a host name without wildcards. */
  public static @Nullable String hostName(String text) {
    if (text.isEmpty() || text.length() > 255) {
      return "must be a host name of 1 to 255 characters";
    }
    return labels(text, text);
  }

  /** Checks a host name whose first label may be or begin with a {@code *}. */
  public static @Nullable String wildcardHost(String text) {
    if (text.isEmpty() || text.length() > 255) {
      return "must be a host name of 1 to 255 characters";
    }
    int dot = text.indexOf('.');
    String first = dot < 0 ? text : text.substring(0, dot);
    if (first.length() > 63 || !WILDCARD_LABEL.matcher(first).matches()) {
      return "must be a host name, not \"" + text + "\": \"" + first + "\" is not a DNS label";
    }
    return dot < 0 ? null : labels(text.substring(dot + 1), text);
  }

  private static @Nullable String labels(String name, String whole) {
    String[] parts = name.split("\\.", -1);
    String last = parts[parts.length - 1];
    if (DIGITS.matcher(last).matches()) {
      return "must be a host name, not \"" + whole + "\": \"" + last + "\" is only digits";
    }
    for (int i = 0; i < parts.length; i++) {
      boolean trailingDot = i == parts.length - 1 && parts[i].isEmpty();
      if (!trailingDot && (parts[i].length() > 63 || !LABEL.matcher(parts[i]).matches())) {
        return "must be a host name, not \"" + whole + "\": \"" + parts[i] + "\" is no DNS label";
      }
    }
    return null;
  }

  /** Checks the key of a label. */
  public static @Nullable String labelKey(String text) {
    int slash = text.indexOf('/');
    return slash <= 253 && text.length() - slash - 1 <= 63 && QUALIFIED_NAME.matcher(text).matches()
        ? null
        : "must be letters, digits, -, _ and ., with at most one DNS name and / before, not \""
            + text
            + '"';
  }

  /** Checks the value of a label of a resource, as Kubernetes does. */
  public static @Nullable String labelValue(String text) {
    return text.length() <= 63
        ? wantedLabelValue(text)
        : "must be at most 63 letters, digits, -, _ and ., not \"" + text + '"';
  }

  /** Checks the value of a label that instances are asked for: as in Istio of any length. */
  public static @Nullable String wantedLabelValue(String text) {
    return LABEL_VALUE.matcher(text).matches()
        ? null
        : "must be letters, digits, -, _ and ., not \"" + text + '"';
  }

  /** Checks a key or value of a selector, which knows no wildcards. */
  public static @Nullable String selectorText(String text) {
    return text.indexOf('*') < 0 ? null : "must not contain *: selectors know no wildcards";
  }

  /** Checks the name of a header, a token of RFC 9110. */
  public static @Nullable String headerName(String text) {
    return HEADER_NAME.matcher(text).matches()
        ? null
        : "must be the name of a header (letters, digits, - and _), not \"" + text + '"';
  }

  /** Checks an RE2 expression. */
  public static @Nullable String regex(String text) {
    if (text.isEmpty()) {
      return "must not be empty";
    }
    if (text.length() > MAX_REGEX) {
      return "must have at most " + MAX_REGEX + " characters";
    }
    if (!RegexSize.isAcceptable(text)) {
      return "must not take more than " + RegexSize.MAX + " steps; lower its repeat counts";
    }
    try {
      Pattern.compile(text);
      return null;
    } catch (PatternSyntaxException e) {
      return "must be an RE2 expression: " + e.getMessage();
    }
  }

  /** Checks a duration of at least one millisecond and of whole milliseconds. */
  public static @Nullable String positiveDuration(String text) {
    String problem = duration(text);
    return problem != null || Durations.nanos(text) >= 1_000_000
        ? problem
        : "must be at least 1ms, not " + text;
  }

  /** Checks a duration of zero or more whole milliseconds. */
  public static @Nullable String duration(String text) {
    long nanos;
    try {
      nanos = Durations.nanos(text);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
    if (nanos < 0) {
      return "must not be negative, as " + text + " is";
    }
    return nanos % 1_000_000 == 0 ? null : "must be whole milliseconds, which " + text + " is not";
  }

  /** Checks a port number given as a text. */
  public static @Nullable String portText(String text) {
    return DIGITS.matcher(text).matches() && text.length() <= 9 && Integer.parseInt(text) <= 65535
        ? null
        : "must be a port number from 0 to 65535 in quotes, not \"" + text + '"';
  }

  /** Checks an IP address or a CIDR block. */
  public static @Nullable String ipBlock(String text) {
    return IpBlocks.isValid(text)
        ? null
        : "must be an IP address or a block such as 10.0.0.0/8, not \"" + text + '"';
  }

  /** Checks an IP address. */
  public static @Nullable String ipAddress(String text) {
    return IpBlocks.isAddress(text) ? null : "must be an IP address, not \"" + text + '"';
  }
}
