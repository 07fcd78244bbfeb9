package dev.weft.agent.weave;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Recognises copies of woven classes under another package, as shading makes them: a name that ends
 * with a woven class's whole name ({@code shop/shaded/org/apache/http/...}) or with all of it but a
 * first {@code org}, {@code com}, {@code io} or {@code net} ({@code
 * com/vendor/thirdparty/apache/http/...}). Thread-safe.
 */
final class RelocatedNames {
  private static final String OURS = "dev/weft/";

  private @Nullable Map<String, List<String>> bySimpleName;
  private final Iterable<String> woven;

  /**
   * Copies of these.
   *
   * @param woven internal names
   */
  RelocatedNames(Iterable<String> woven) {
    this.woven = woven;
  }

  /** Internal name of the woven class that this is a copy of, null for none. */
  @Nullable String original(String internalName) {
    if (internalName.startsWith(OURS)) {
      return null;
    }
    List<String> candidates =
        candidates().get(internalName.substring(internalName.lastIndexOf('/') + 1));
    if (candidates != null) {
      for (String candidate : candidates) {
        if (endsWith(internalName, candidate) || endsWith(internalName, withoutDomain(candidate))) {
          return candidate;
        }
      }
    }
    return null;
  }

  private static boolean endsWith(String name, String tail) {
    int before = name.length() - tail.length() - 1;
    return before > 0 && name.charAt(before) == '/' && name.endsWith(tail);
  }

  /**
   * Kept whole where too little would be left to tell it from a name that happens to be like it.
   */
  private static String withoutDomain(String name) {
    int first = name.indexOf('/');
    String domain = first < 0 ? "" : name.substring(0, first);
    boolean known =
        domain.equals("org") || domain.equals("com") || domain.equals("io") || domain.equals("net");
    String rest = name.substring(first + 1);
    int second = rest.indexOf('/');
    return known && second > 0 && rest.indexOf('/', second + 1) > 0 ? rest : name;
  }

  private synchronized Map<String, List<String>> candidates() {
    Map<String, List<String>> made = bySimpleName;
    if (made == null) {
      made = new HashMap<>();
      for (String name : woven) {
        String simple = name.substring(name.lastIndexOf('/') + 1);
        List<String> same = made.get(simple);
        if (same == null) {
          same = new ArrayList<>(2);
          made.put(simple, same);
        }
        same.add(name);
      }
      bySimpleName = made;
    }
    return made;
  }
}
