package dev.weft.policy.resource;

import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio Headers: edits of a request and its response. */
final class HeaderOperations {
  /** Of one destination. */
  static final Type OF_DESTINATION = type(false);

  /** Of a rule, which may also write another authority. */
  static final Type OF_RULE = type(true);

  private HeaderOperations() {}

  private static Type type(boolean ofRule) {
    return ObjectType.of("headers")
        .field("request", operations(true, ofRule))
        .field("response", operations(false, ofRule))
        .build();
  }

  private static Type operations(boolean request, boolean ofRule) {
    Type byName =
        MapType.of(
            "header name",
            name -> nameProblem(name, request),
            Scalars.text("the value of a header", HeaderOperations::valueProblem));
    return ObjectType.of(request ? "headers.request" : "headers.response")
        .field("set", byName)
        .field("add", byName)
        .field(
            "remove",
            ListType.of(Scalars.text("the name of a header", name -> nameProblem(name, false))))
        .rule(operations -> checkEdits(operations, ofRule))
        .build();
  }

  /** Istio takes an edit of the authority on the way out for a rewrite, and refuses others. */
  private static @Nullable String nameProblem(String name, boolean mayBeAuthority) {
    if (name.isEmpty()) {
      return "must not be empty";
    }
    boolean authority = isAuthority(name);
    if (authority && mayBeAuthority) {
      return null;
    }
    if (authority || name.startsWith(":")) {
      return "must not be " + name + ": only ordinary headers can be edited";
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c <= ' ' || c >= 0x7F || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
        return "must be a header name, not \"" + name + '"';
      }
    }
    return null;
  }

  private static boolean isAuthority(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("host") || lower.equals(":authority");
  }

  /** Envoy's rule: no control characters, and {@code %} only in pairs or around an operator. */
  private static @Nullable String valueProblem(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7F) {
        return "must not contain control characters";
      }
    }
    return Operators.problem(value);
  }

  private static void checkEdits(ObjectView operations, boolean ofRule) {
    for (String field : Arrays.asList("set", "add")) {
      ObjectView edits = operations.object(field);
      if (edits == null) {
        continue;
      }
      for (String name : operations.keys(field)) {
        String host = isAuthority(name) ? HttpRewrites.AUTHORITY.problem(edits.text(name)) : null;
        if (isAuthority(name) && !ofRule) {
          edits.notInForce(name, "a new authority for one destination only");
        } else if (host != null) {
          edits.invalid(name, host);
        } else if (edits.text(name).replace("%%", "").indexOf('%') >= 0) {
          edits.notInForce(name, "Envoy's operators in %...%");
        }
      }
    }
  }

  /** The authority can be written anew in one place only. */
  static void checkAuthority(ObjectView http) {
    ObjectView rewrite = http.object("rewrite");
    ObjectView headers = http.object("headers");
    ObjectView request = headers == null ? null : headers.object("request");
    if (request == null) {
      return;
    }
    boolean written = rewrite != null && !rewrite.text("authority").isEmpty();
    for (String field : Arrays.asList("set", "add")) {
      for (String name : request.keys(field)) {
        if (isAuthority(name) && written) {
          request.invalid(field, "must not write the authority that is written already; keep one");
        }
        written |= isAuthority(name);
      }
    }
  }

  /** Returns the authority that the edits of a request write anew, or null for none. */
  static @Nullable String authority(SpecFields headers) {
    SpecFields request = headers.object("request");
    for (String field : Arrays.asList("set", "add")) {
      for (Map.Entry<String, String> each : request.textMap(field).entrySet()) {
        if (isAuthority(each.getKey())) {
          return each.getValue();
        }
      }
    }
    return null;
  }

  /** Returns the edits of ordinary headers. */
  static HeaderEdits edits(SpecFields headers) {
    return HeaderEdits.builder()
        .request(oneSide(headers.object("request")))
        .response(oneSide(headers.object("response")))
        .build();
  }

  private static HeaderEdits.Edits oneSide(SpecFields operations) {
    return HeaderEdits.Edits.of(
        values(operations.textMap("set")),
        values(operations.textMap("add")),
        operations.texts("remove"));
  }

  private static Map<String, String> values(Map<String, String> written) {
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : written.entrySet()) {
      if (!isAuthority(entry.getKey())) {
        values.put(entry.getKey(), entry.getValue().replace("%%", "%"));
      }
    }
    return values;
  }
}
