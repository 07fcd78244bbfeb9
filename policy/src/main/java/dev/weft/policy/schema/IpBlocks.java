package dev.weft.policy.schema;

import java.util.regex.Pattern;

/** Recognises IP addresses and CIDR blocks in text, without any name look-up. */
final class IpBlocks {
  private static final Pattern V4 =
      Pattern.compile("(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(?:\\.(?!$)|$)){4}");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final Pattern BITS = Pattern.compile("0|[1-9][0-9]{0,2}");

  private IpBlocks() {}

  static boolean isValid(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isAddress(text);
    }
    String address = text.substring(0, slash);
    String bits = text.substring(slash + 1);
    return isAddress(address)
        && BITS.matcher(bits).matches()
        && Integer.parseInt(bits) <= (address.indexOf(':') < 0 ? 32 : 128);
  }

  static boolean isAddress(String text) {
    return V4.matcher(text).matches() || isV6(text);
  }

  /** RFC 4291, section 2.2: eight groups, one run of which may be {@code ::}, IPv4 at the end. */
  private static boolean isV6(String text) {
    if (text.length() > 45 || text.indexOf(':') < 0) {
      return false;
    }
    int gap = text.indexOf("::");
    if (gap >= 0 && text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    int groups =
        gap < 0
            ? groups(text, true)
            : groups(text.substring(0, gap), false) + groups(text.substring(gap + 2), true);
    return gap < 0 ? groups == 8 : groups >= 0 && groups < 8;
  }

  /** Returns the number of 16-bit groups, or a large negative number when one is wrong. */
  private static int groups(String part, boolean mayEndInV4) {
    if (part.isEmpty()) {
      return 0;
    }
    String[] pieces = part.split(":", -1);
    int count = 0;
    for (int i = 0; i < pieces.length; i++) {
      if (GROUP.matcher(pieces[i]).matches()) {
        count++;
      } else if (mayEndInV4 && i == pieces.length - 1 && V4.matcher(pieces[i]).matches()) {
        count += 2;
      } else {
        return -100;
      }
    }
    return count;
  }
}
