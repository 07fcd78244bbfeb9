package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.Durations;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Istio CorsPolicy, and the CORS filter of the Gateway API: tables and views. */
final class CorsPolicies {
  static final String ANY = "*";

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** Default of the Gateway API's CRD. */
  private static final int GATEWAY_MAX_AGE = 5;

  /** Gateway API CORSOrigin. */
  private static final Pattern GATEWAY_ORIGIN =
      Pattern.compile(
          "\\*|https?://(?:(?:\\*\\.)?(?:[a-zA-Z0-9-]+\\.)*[a-zA-Z0-9-]+|\\*)(?::[0-9]{1,5})?");

  private static final Type METHODS =
      ListType.of(
          Scalars.choice(
              "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", ANY));

  private static final Type HEADERS =
      ListType.of(Scalars.text("the name of a header", CorsPolicies::headerProblem));

  private static final Type ORIGIN =
      ObjectType.of("allowOrigins")
          .field("exact", Scalars.text("an origin", Checks::notEmpty))
          .field("prefix", Scalars.text("a text", Checks::notEmpty))
          .field("regex", Scalars.text("an RE2 expression", Checks::regex))
          .rule(CorsPolicies::checkOrigin)
          .build();

  /** Of a rule of a VirtualService. */
  static final Type TYPE =
      ObjectType.of("corsPolicy")
          .field("allowOrigins", ListType.of(ORIGIN))
          .field("allowOrigin", ListType.of(Scalars.text()))
          .field("allowMethods", METHODS)
          .field("allowHeaders", HEADERS)
          .field("exposeHeaders", HEADERS)
          .field("maxAge", Scalars.duration(CorsPolicies::maxAgeProblem))
          .field("allowCredentials", Scalars.flag())
          .field("unmatchedPreflights", Scalars.choice("UNSPECIFIED", "FORWARD", "IGNORE"))
          .nullable("allowCredentials")
          .rule(CorsPolicies::checkDeprecated)
          .build();

  /** Of a rule of an HTTPRoute. */
  static final Type GATEWAY_TYPE =
      ObjectType.of("cors")
          .field(
              "allowOrigins",
              ListType.of(Scalars.text("an origin or *", CorsPolicies::gatewayOriginProblem))
                  .atMost(64))
          .field("allowCredentials", Scalars.flag())
          .field("allowMethods", METHODS)
          .field("allowHeaders", gatewayHeaders())
          .field("exposeHeaders", gatewayHeaders())
          .field("maxAge", Scalars.integer(1, Integer.MAX_VALUE))
          .rule(CorsPolicies::checkWildcards)
          .build();

  private CorsPolicies() {}

  private static Type gatewayHeaders() {
    return ListType.of(Scalars.text("the name of a header or *", GatewayMatches.HEADER_NAME))
        .atMost(64);
  }

  private static @Nullable String headerProblem(String name) {
    return name.equals(ANY) ? null : Checks.headerName(name);
  }

  private static @Nullable String maxAgeProblem(String text) {
    String problem = Checks.positiveDuration(text);
    return problem == null && Durations.nanos(text) % NANOS_PER_SECOND != 0
        ? "must be whole seconds, not \"" + text + '"'
        : problem;
  }

  private static @Nullable String gatewayOriginProblem(String text) {
    return text.length() <= 253 && GATEWAY_ORIGIN.matcher(text).matches()
        ? null
        : "must be * or an origin such as https://*.example.com:8443, not \"" + text + '"';
  }

  private static void checkOrigin(ObjectView origin) {
    int count = 0;
    for (String field : new String[] {"exact", "prefix", "regex"}) {
      count += origin.has(field) ? 1 : 0;
    }
    if (count != 1) {
      origin.invalid("must have one of exact, prefix and regex");
    }
  }

  private static void checkDeprecated(ObjectView cors) {
    if (cors.hasContent("allowOrigins") && cors.hasContent("allowOrigin")) {
      cors.withoutEffect("allowOrigin", "only allowOrigins counts where both are given");
    }
  }

  private static void checkWildcards(ObjectView cors) {
    for (String field : new String[] {"allowOrigins", "allowMethods", "allowHeaders"}) {
      List<String> values = cors.texts(field);
      if (values.contains(ANY) && values.size() > 1) {
        cors.invalid(field, "must not have * beside others");
      }
    }
    for (String field :
        new String[] {"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders"}) {
      List<String> values = cors.texts(field);
      for (int i = 0; i < values.size(); i++) {
        if (values.indexOf(values.get(i)) < i) {
          cors.invalid(field, i, "is in this list already; keep one");
        }
      }
    }
  }

  /** What Envoy never does: a rule that answers itself has no answer of a workload to share. */
  static void checkAnswer(ObjectView http) {
    if (http.has("corsPolicy") && http.hasAny("redirect", "directResponse")) {
      http.withoutEffect("corsPolicy", "as in Envoy, it has none where the rule answers itself");
    }
  }

  static CorsPolicy policy(SpecFields cors) {
    List<StringMatch> origins = cors.objects("allowOrigins", StringMatches::match);
    if (origins.isEmpty()) {
      for (String origin : cors.texts("allowOrigin")) {
        origins.add(StringMatch.exact(origin));
      }
    }
    return CorsPolicy.builder()
        .allowOrigins(origins)
        .allowMethods(cors.texts("allowMethods"))
        .allowHeaders(cors.texts("allowHeaders"))
        .exposeHeaders(cors.texts("exposeHeaders"))
        .maxAgeSeconds(cors.has("maxAge") ? cors.millis("maxAge", 0) / 1000 : CorsPolicy.NO_MAX_AGE)
        .allowCredentials(cors.flag("allowCredentials", false))
        .forwardUnmatchedPreflights(!cors.text("unmatchedPreflights", "").equals("IGNORE"))
        .build();
  }

  /** The API has preflights of other origins answered, not forwarded. */
  static CorsPolicy gatewayPolicy(SpecFields cors) {
    List<StringMatch> origins = new ArrayList<>();
    for (String origin : cors.texts("allowOrigins")) {
      origins.add(gatewayOrigin(origin));
    }
    boolean credentials = cors.flag("allowCredentials", false);
    List<String> exposed = new ArrayList<>(cors.texts("exposeHeaders"));
    if (credentials) {
      // To a call with credentials it would be the name of a header (Fetch standard).
      exposed.remove(ANY);
    }
    return CorsPolicy.builder()
        .allowOrigins(origins)
        .allowMethods(cors.texts("allowMethods"))
        .allowHeaders(cors.texts("allowHeaders"))
        .exposeHeaders(exposed)
        .maxAgeSeconds(cors.integer("maxAge", GATEWAY_MAX_AGE))
        .allowCredentials(credentials)
        .forwardUnmatchedPreflights(false)
        .build();
  }

  /** Browsers leave out the port that the scheme implies; a wildcard covers any labels. */
  private static StringMatch gatewayOrigin(String written) {
    String origin = written;
    if (origin.startsWith("http://") && origin.endsWith(":80")) {
      origin = origin.substring(0, origin.length() - ":80".length());
    } else if (origin.startsWith("https://") && origin.endsWith(":443")) {
      origin = origin.substring(0, origin.length() - ":443".length());
    }
    return origin.equals(ANY) || !origin.contains(ANY)
        ? StringMatch.exact(origin)
        : StringMatch.regex(origin.replace(".", "\\.").replace(ANY, "[^/:]+"));
  }
}
