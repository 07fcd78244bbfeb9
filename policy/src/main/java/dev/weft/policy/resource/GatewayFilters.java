package dev.weft.policy.resource;

import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Gateway API HTTPRouteFilter: the table of its fields, with the rules of the CRD. */
final class GatewayFilters {
  /** Each type of filter, and the field that it is about. */
  private static final Map<String, String> FIELDS;

  static {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("RequestHeaderModifier", "requestHeaderModifier");
    fields.put("ResponseHeaderModifier", "responseHeaderModifier");
    fields.put("RequestMirror", "requestMirror");
    fields.put("RequestRedirect", "requestRedirect");
    fields.put("URLRewrite", "urlRewrite");
    fields.put("CORS", "cors");
    fields.put("ExternalAuth", "externalAuth");
    fields.put("ExtensionRef", "extensionRef");
    FIELDS = Collections.unmodifiableMap(fields);
  }

  private static final Type TYPES =
      Scalars.choice(
              "RequestHeaderModifier",
              "ResponseHeaderModifier",
              "RequestMirror",
              "RequestRedirect",
              "URLRewrite",
              "CORS")
          .refused("ExternalAuth", "authorization by another service")
          .refused("ExtensionRef", "a filter of another kind");

  private static final List<String> REPEATABLE = Arrays.asList("RequestMirror", "ExtensionRef");

  private static final Type MODIFIER =
      ObjectType.of("a header modifier")
          .field("set", headers())
          .field("add", headers())
          .field(
              "remove",
              ListType.of(Scalars.text("the name of a header", GatewayMatches.HEADER_NAME))
                  .atMost(16))
          .rule(modifier -> GatewayMatches.checkNames(modifier, "set"))
          .rule(modifier -> GatewayMatches.checkNames(modifier, "add"))
          .rule(GatewayFilters::checkRemoved)
          .build();

  private static final Type PATH =
      ObjectType.of("path")
          .required("type", Scalars.choice("ReplaceFullPath", "ReplacePrefixMatch"))
          .field("replaceFullPath", Scalars.text("a path", HttpRewrites.PATH))
          .field("replacePrefixMatch", Scalars.text("a path", HttpRewrites.PATH))
          .rule(path -> checkPath(path, "ReplaceFullPath", "replaceFullPath"))
          .rule(path -> checkPath(path, "ReplacePrefixMatch", "replacePrefixMatch"))
          .build();

  private static final Type REDIRECT =
      ObjectType.of("requestRedirect")
          .field("scheme", Scalars.choice("http", "https"))
          .field("hostname", Scalars.text("a host name", GatewayReferences.DNS_NAME))
          .field("path", PATH)
          .field("port", Shared.PORT)
          .field("statusCode", Scalars.integer(301, 308))
          .rule(GatewayFilters::checkStatus)
          .build();

  private static final Type REWRITE =
      ObjectType.of("urlRewrite")
          .field("hostname", Scalars.text("a host name", GatewayReferences.DNS_NAME))
          .field("path", PATH)
          .build();

  private static final Type MIRROR =
      ObjectType.of("requestMirror")
          .required("backendRef", GatewayReferences.BACKEND)
          .field("percent", Scalars.integer(0, 100))
          .field(
              "fraction",
              ObjectType.of("fraction")
                  .required("numerator", Shared.COUNT)
                  .field("denominator", Scalars.integer(1, Integer.MAX_VALUE))
                  .rule(GatewayFilters::checkFraction)
                  .build())
          .rule(GatewayFilters::checkShare)
          .build();

  /** What a rule may do to a request. */
  static final Type OF_RULE =
      filters(
          ObjectType.of("filters")
              .field("requestRedirect", REDIRECT)
              .field("urlRewrite", REWRITE)
              .field("requestMirror", MIRROR)
              .field("cors", CorsPolicies.GATEWAY_TYPE));

  /** What a rule may do for one backend: as in Istio, no more than edit headers. */
  static final Type OF_BACKEND =
      filters(
          ObjectType.of("filters")
              .refused("requestRedirect", "a redirect for one backend only")
              .refused("urlRewrite", "a rewrite for one backend only")
              .refused("requestMirror", "a mirror for one backend only")
              .refused("cors", "CORS for one backend only"));

  private GatewayFilters() {}

  private static Type headers() {
    return ListType.of(
            ObjectType.of("headers")
                .required("name", Scalars.text("the name of a header", GatewayMatches.HEADER_NAME))
                .required(
                    "value", Scalars.text("the value of a header", GatewayMatches.HEADER_VALUE))
                .build())
        .atMost(16);
  }

  private static Type filters(ObjectType.Builder fields) {
    return ListType.of(
            fields
                .required("type", TYPES)
                .field("requestHeaderModifier", MODIFIER)
                .field("responseHeaderModifier", MODIFIER)
                .refused("externalAuth", "authorization by another service")
                .refused("extensionRef", "a filter of another kind")
                .rule(GatewayFilters::checkUnion)
                .rule(GatewayFilters::refuseHost)
                .build())
        .atMost(16);
  }

  private static void checkUnion(ObjectView filter) {
    String type = filter.text("type");
    for (Map.Entry<String, String> each : FIELDS.entrySet()) {
      String field = each.getValue();
      if (type.equals(each.getKey()) && !filter.has(field)) {
        filter.invalid(field, "is required where type is " + type);
      } else if (!type.equals(each.getKey()) && filter.has(field)) {
        filter.invalid(field, "must stand with the type " + each.getKey() + ", not " + type);
      }
    }
  }

  private static void refuseHost(ObjectView filter) {
    ObjectView modifier = filter.object("requestHeaderModifier");
    if (modifier == null) {
      return;
    }
    for (String field : Arrays.asList("set", "add")) {
      for (ObjectView header : modifier.objects(field)) {
        if (header.text("name").toLowerCase(Locale.ROOT).equals("host")) {
          header.notInForce("name", "a new authority; use the filter URLRewrite with hostname");
        }
      }
    }
    for (String name : modifier.texts("remove")) {
      if (name.toLowerCase(Locale.ROOT).equals("host")) {
        modifier.notInForce("remove", "a request without a Host header");
      }
    }
  }

  private static void checkRemoved(ObjectView modifier) {
    Set<String> seen = new HashSet<>();
    List<String> removed = modifier.texts("remove");
    for (int i = 0; i < removed.size(); i++) {
      if (!seen.add(removed.get(i))) {
        modifier.invalid("remove", i, "is in this list already; keep one");
      }
    }
  }

  private static void checkPath(ObjectView path, String type, String field) {
    boolean wanted = path.text("type").equals(type);
    if (wanted && !path.has(field)) {
      path.invalid(field, "is required where type is " + type);
    } else if (!wanted && path.has(field)) {
      path.invalid(field, "must stand with the type " + type);
    }
    if (path.text(field).length() > 1024) {
      path.invalid(field, "must have at most 1024 characters");
    }
  }

  private static void checkStatus(ObjectView redirect) {
    double status = redirect.number("statusCode", 302);
    if (status > 303 && status < 307) {
      redirect.invalid("statusCode", "must be 301, 302, 303, 307 or 308");
    }
  }

  private static void checkFraction(ObjectView fraction) {
    if (fraction.number("numerator", 0) > fraction.number("denominator", 100)) {
      fraction.invalid("numerator", "must not be larger than denominator, which is 100 if absent");
    }
  }

  private static void checkShare(ObjectView mirror) {
    if (mirror.has("percent") && mirror.has("fraction")) {
      mirror.invalid("fraction", "must not stand beside percent");
    }
  }

  /** What holds among the filters of one list. */
  static void check(ObjectView of) {
    Set<String> seen = new HashSet<>();
    for (ObjectView filter : of.objects("filters")) {
      String type = filter.text("type");
      if (!seen.add(type) && !REPEATABLE.contains(type)) {
        filter.invalid("type", "must not be repeated: there is a " + type + " already");
      }
    }
    if (seen.contains("RequestRedirect") && seen.contains("URLRewrite")) {
      of.invalid("filters", "must not have both RequestRedirect and URLRewrite");
    }
  }
}
