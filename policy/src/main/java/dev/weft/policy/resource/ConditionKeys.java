package dev.weft.policy.resource;

import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectView;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Attributes that a condition of an AuthorizationPolicy can be about. */
final class ConditionKeys {
  private static final Set<String> IN_FORCE =
      setOf(
          "source.ip",
          "source.namespace",
          "source.principal",
          "source.serviceAccount",
          "source.trustDomain",
          "remote.ip",
          "request.auth.principal",
          "request.auth.audiences",
          "request.auth.presenter",
          "destination.ip",
          "destination.port",
          "connection.sni");
  private static final String INLINE_HEADERS = "request.experimental.inline.headers";
  private static final String CLAIMS = "request.auth.claims";
  private static final List<String> IN_BRACKETS =
      Arrays.asList("request.headers", CLAIMS, INLINE_HEADERS, "experimental.envoy.filters.");

  /** One or more names, each in its own brackets, as Istio takes a nested claim. */
  private static final Pattern NESTED = Pattern.compile("(?:\\[[^\\[\\]]+\\])+");

  private ConditionKeys() {}

  private static Set<String> setOf(String... keys) {
    return Collections.unmodifiableSet(new HashSet<>(Arrays.asList(keys)));
  }

  static @Nullable String problem(String key) {
    if (IN_FORCE.contains(key)) {
      return null;
    }
    for (String prefix : IN_BRACKETS) {
      if (key.startsWith(prefix)) {
        int open = key.indexOf('[');
        return key.endsWith("]") && open > 0 && open < key.length() - 2
            ? null
            : "must have a name in brackets, as " + prefix + "[name], not \"" + key + '"';
      }
    }
    return "must be an attribute such as source.namespace or request.headers[name], not \""
        + key
        + '"';
  }

  static void check(ObjectView condition) {
    String key = condition.text("key");
    if (key.startsWith("experimental.") || key.startsWith(INLINE_HEADERS)) {
      condition.notInForce("key", "the attribute " + key);
    }
    if (key.startsWith(CLAIMS) && !NESTED.matcher(key.substring(CLAIMS.length())).matches()) {
      condition.invalid("key", "must be as " + CLAIMS + "[name][name], not \"" + key + '"');
    }
    if (!condition.hasContent("values") && !condition.hasContent("notValues")) {
      condition.invalid("values", "is required, or notValues");
    }
    for (String field : new String[] {"values", "notValues"}) {
      checkValues(condition, field, valueCheck(key));
    }
  }

  private static Check valueCheck(String key) {
    if (key.endsWith(".ip")) {
      return Checks::ipBlock;
    }
    if (key.equals("source.serviceAccount")) {
      return AuthorizationPolicyKind::serviceAccount;
    }
    return key.equals("destination.port") ? Checks::portText : text -> null;
  }

  private static void checkValues(ObjectView condition, String field, Check check) {
    List<String> values = condition.texts(field);
    for (int i = 0; i < values.size(); i++) {
      String problem = check.problem(values.get(i));
      if (problem != null) {
        condition.invalid(field, i, problem);
      }
    }
  }
}
