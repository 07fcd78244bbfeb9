package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio HTTPMatchRequest: the table of its fields. */
final class HttpMatches {
  /** The word for all callers in the mesh, among the names of gateways. */
  static final String MESH = "mesh";

  private static final String JWT_CLAIM = "@request.auth.claims";

  /** Parts of a request that Istio takes among its headers. */
  private static final List<String> PSEUDO_HEADERS =
      Arrays.asList(":method", ":scheme", ":authority", ":path", ":status");

  static final Type TYPE =
      ObjectType.of("match")
          .field("name", Scalars.text())
          .field("uri", StringMatches.URI)
          .field("ignoreUriCase", Scalars.flag())
          .field("method", StringMatches.TYPE)
          .field("authority", StringMatches.TYPE)
          .field("scheme", StringMatches.TYPE)
          .field("port", Scalars.integer(0, 65535))
          .field("headers", byHeader(StringMatches.TYPE))
          .field("withoutHeaders", byHeader(StringMatches.ABSENT))
          .field("queryParams", MapType.of("query parameter", name -> null, StringMatches.TYPE))
          .field("sourceLabels", Shared.LABELS)
          .field("sourceNamespace", Scalars.text("a namespace", HttpMatches::namespace))
          .field(
              "gateways",
              ListType.of(Scalars.text("mesh; others have no effect", HttpMatches::gateway)))
          .withoutEffect(
              "statPrefix", Scalars.text(), "there is no proxy whose statistics it names")
          .rule(HttpMatches::refuseOthers)
          .rule(HttpMatches::refuseGateways)
          .build();

  private HttpMatches() {}

  private static Type byHeader(Type match) {
    return MapType.of("header name", HttpMatches::headerName, match);
  }

  private static @Nullable String headerName(String name) {
    return isClaim(name) || PSEUDO_HEADERS.contains(name) ? null : Checks.headerName(name);
  }

  /** Istio's two ways to name a claim: {@code .group.name} and {@code [group][name]}. */
  private static boolean isClaim(String name) {
    if (!name.toLowerCase(Locale.ROOT).startsWith(JWT_CLAIM)) {
      return false;
    }
    String claim = name.substring(JWT_CLAIM.length());
    return (claim.startsWith(".") && claim.length() > 1)
        || (claim.startsWith("[") && claim.endsWith("]") && claim.length() > 2);
  }

  static @Nullable String namespace(String text) {
    return text.isEmpty() ? null : Checks.dnsLabel(text);
  }

  /** A gateway is named with or without its namespace; Istio makes names with ~ itself. */
  static @Nullable String gateway(String text) {
    String[] parts = text.split("/", -1);
    for (String part : parts) {
      if (part.isEmpty() || (part.indexOf('~') < 0 && Checks.objectName(part) != null)) {
        return "must be mesh or the name of a gateway, not \"" + text + '"';
      }
    }
    return parts.length > 2 ? "must have one slash at most, not \"" + text + '"' : null;
  }

  private static void refuseOthers(ObjectView match) {
    for (String field : new String[] {"headers", "withoutHeaders"}) {
      for (String name : match.keys(field)) {
        if (isClaim(name)) {
          match.notInForce(field, "a match on JWT claims");
        } else if (PSEUDO_HEADERS.contains(name)) {
          match.notInForce(field, "a match on " + name + " among the headers");
        }
      }
    }
  }

  static void refuseGateways(ObjectView match) {
    for (String gateway : match.texts("gateways")) {
      if (!gateway.equals(MESH)) {
        match.withoutEffect("gateways", "Weft has no gateways; only mesh counts, not " + gateway);
      }
    }
    if (match.hasContent("gateways") && match.hasAny("sourceLabels", "sourceNamespace")) {
      // Istio's route table leaves them unread then.
      match.notInForce("gateways", "a match on gateways beside sourceLabels or sourceNamespace");
    }
  }

  static RouteMatch match(SpecFields match) {
    return RouteMatch.builder()
        .uri(StringMatches.ofPart(match, "uri"))
        .ignoreUriCase(match.flag("ignoreUriCase", false))
        .method(StringMatches.ofPart(match, "method"))
        .authority(lowerCase(StringMatches.ofPart(match, "authority")))
        .scheme(lowerCase(StringMatches.ofPart(match, "scheme")))
        .headers(headers(match.objectMap("headers", StringMatches::match)))
        .withoutHeaders(headers(match.objectMap("withoutHeaders", StringMatches::match)))
        .queryParams(match.objectMap("queryParams", StringMatches::match))
        .port(match.integer("port", 0))
        .build();
  }

  private static @Nullable StringMatch lowerCase(@Nullable StringMatch match) {
    return match == null || match.kind == StringMatch.Kind.REGEX
        ? match
        : match.toBuilder().value(match.value.toLowerCase(Locale.ROOT)).build();
  }

  private static Map<String, StringMatch> headers(Map<String, StringMatch> written) {
    Map<String, StringMatch> lower = new LinkedHashMap<>();
    for (Map.Entry<String, StringMatch> entry : written.entrySet()) {
      lower.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue());
    }
    return lower;
  }
}
