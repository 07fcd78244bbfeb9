package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MeshConfig, a kind of Weft's own for what Istio says in a file of its control plane; fields that
 * Istio has there are named and mean as there.
 */
final class MeshConfigKind {
  private static final int MOST_PROVIDERS = 100;
  private static final int MOST_HEADERS = 64;

  /** 16 MiB, which the application's heap has to hold for each request that is asked about. */
  private static final int MOST_BODY_BYTES = 1 << 24;

  private static final String[] PROVIDERS = {
    "envoyExtAuthzHttp",
    "envoyExtAuthzGrpc",
    "prometheus",
    "opentelemetry",
    "envoyFileAccessLog",
    "envoyOtelAls",
    "envoyHttpAls",
    "envoyTcpAls",
    "zipkin",
    "datadog",
    "skywalking",
    "stackdriver",
    "lightstep",
    "opencensus",
    "sds"
  };

  private static final Type HEADERS =
      ListType.of(
              Scalars.text("the name of a header, or its beginning or end", MeshConfigKind::header))
          .atMost(MOST_HEADERS);

  /** Istio MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationRequestBody. */
  private static final Type REQUEST_BODY =
      ObjectType.of("includeRequestBodyInCheck")
          .required("maxRequestBytes", Scalars.integer(1, MOST_BODY_BYTES))
          .field("allowPartialMessage", Scalars.flag())
          .withoutEffect(
              "packAsBytes", Scalars.flag(), "an authorizer over HTTP gets the bytes as they are")
          .build();

  /** Istio MeshConfig.ExtensionProvider.EnvoyExternalAuthorizationHttpProvider. */
  private static final Type EXT_AUTHZ_HTTP =
      ObjectType.of("envoyExtAuthzHttp")
          .required("service", Scalars.text("a host name", MeshConfigKind::service))
          .required("port", Shared.PORT)
          .field("timeout", Shared.DURATION)
          .field("pathPrefix", Scalars.text("a path", MeshConfigKind::path))
          .field("failOpen", Scalars.flag())
          .field("statusOnError", Scalars.text("a status", MeshConfigKind::status))
          .field("headersToUpstreamOnAllow", HEADERS)
          .field("headersToDownstreamOnAllow", HEADERS)
          .field("headersToDownstreamOnDeny", HEADERS)
          .field("includeRequestHeadersInCheck", HEADERS)
          .field(
              "includeAdditionalHeadersInCheck",
              MapType.of(
                  "the name of a header",
                  Checks::headerName,
                  Scalars.text("a header's value", MeshConfigKind::headerValue)))
          .refused("includeHeadersInCheck", "a field that Istio replaced")
          .field("includeRequestBodyInCheck", REQUEST_BODY)
          .refused("clearRouteCache", "a cache of routes, which is a proxy's")
          .build();

  private static final Type PROVIDER =
      ObjectType.of("extensionProvider")
          .required("name", Scalars.text("a name", Checks::notEmpty))
          .field("envoyExtAuthzHttp", EXT_AUTHZ_HTTP)
          .refused(
              "envoyExtAuthzGrpc",
              "asking an authorizer over gRPC (envoyExtAuthzHttp asks one over HTTP)")
          .field("prometheus", ObjectType.of("prometheus").build())
          .field(
              "opentelemetry",
              ObjectType.of("opentelemetry")
                  .withoutEffect(
                      "service", Scalars.text(), "OTEL_EXPORTER_OTLP_ENDPOINT says where to")
                  .withoutEffect("port", Shared.PORT, "OTEL_EXPORTER_OTLP_ENDPOINT says where to")
                  .withoutEffect(
                      "maxTagLength", Shared.COUNT, "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT bounds it")
                  .build())
          .field(
              "envoyFileAccessLog",
              ObjectType.of("envoyFileAccessLog")
                  .withoutEffect(
                      "path", Scalars.text(), "mesh.access-log of an agent says where to")
                  .refused("logFormat", "a format of lines")
                  .refused("omitEmptyValues", "a format of lines")
                  .build())
          .refused("envoyOtelAls", "an access log over OTLP")
          .refused("envoyHttpAls", "an access log over gRPC")
          .refused("envoyTcpAls", "an access log over gRPC")
          .refused("zipkin", "spans in Zipkin's format")
          .refused("datadog", "spans in Datadog's format")
          .refused("skywalking", "spans in SkyWalking's format")
          .refused("stackdriver", "Stackdriver")
          .refused("lightstep", "spans in Lightstep's format")
          .refused("opencensus", "OpenCensus")
          .refused("sds", "secrets from elsewhere")
          .rule(MeshConfigKind::checkProvider)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("MeshConfig")
          .field("trustDomain", Scalars.text("a trust domain", Checks::hostName))
          .field(
              "outboundTrafficPolicy",
              ObjectType.of("outboundTrafficPolicy")
                  .required("mode", Scalars.choice("ALLOW_ANY", "REGISTRY_ONLY"))
                  .build())
          .field("connectTimeout", Shared.DURATION)
          .field("defaultHttpTimeout", Shared.DURATION)
          .field("defaultHttpRetryPolicy", VirtualServiceKind.RETRIES)
          .field("accessLogFile", Scalars.text("a file", MeshConfigKind::logFile))
          .field("accessLogEncoding", Scalars.choice("JSON").refused("TEXT", "lines of text"))
          .refused("accessLogFormat", "a format of lines")
          .field("extensionProviders", ListType.of(PROVIDER).atMost(MOST_PROVIDERS))
          .refused("rootNamespace", "another root namespace than serve --root-namespace says")
          .refused("trustDomainAliases", "names of other trust domains")
          .refused("caCertificates", "roots of other authorities")
          .refused("pathNormalization", "a choice of how paths are read: every way is tried")
          .refused("defaultConfig", "settings of proxies")
          .refused("defaultProviders", "providers by default: an agent has one of each")
          .rule(MeshConfigKind::checkNames)
          .build();

  private MeshConfigKind() {}

  /** Istio writes {@code namespace/host} where the host alone is not enough. */
  private static @Nullable String service(String text) {
    int slash = text.indexOf('/');
    String problem = slash < 0 ? null : Checks.dnsLabel(text.substring(0, slash));
    return problem == null ? Checks.hostName(text.substring(slash + 1)) : problem;
  }

  private static @Nullable String logFile(String text) {
    return text.isEmpty() || text.equals("/dev/stdout")
        ? null
        : "must be /dev/stdout, or empty for no log: which file else, mesh.access-log of an agent"
            + " says";
  }

  /** Istio takes {@code abc}, {@code abc*} and {@code *abc}. */
  private static @Nullable String header(String text) {
    if (text.equals("*")) {
      return "must be more than *; write the beginning or the end of names, as x-* or *-id";
    }
    String name = text.startsWith("*") ? text.substring(1) : text;
    name = name.endsWith("*") && name.length() == text.length() ? cut(name) : name;
    return name.indexOf('*') < 0
        ? Checks.headerName(name)
        : "must have * at its beginning or its end, not \"" + text + '"';
  }

  private static String cut(String name) {
    return name.substring(0, name.length() - 1);
  }

  /** RFC 9110, section 5.5; one that ended its line would be a header of its own. */
  private static @Nullable String headerValue(String text) {
    return text.matches("[\\t\\x20-\\x7E]*") ? null : "must have visible characters of ASCII only";
  }

  private static @Nullable String path(String text) {
    return text.matches("/[\\x21-\\x7E&&[^?#]]*")
        ? null
        : "must be a path that begins with /, without query, not \"" + text + '"';
  }

  private static @Nullable String status(String text) {
    return text.matches("[2-5][0-9][0-9]") ? null : "must be a status in quotes such as \"503\"";
  }

  private static void checkProvider(ObjectView provider) {
    int kinds = 0;
    for (String kind : PROVIDERS) {
      kinds += provider.has(kind) ? 1 : 0;
    }
    if (kinds != 1) {
      provider.invalid("must have one of envoyExtAuthzHttp, prometheus, opentelemetry, ...");
    }
  }

  private static void checkNames(ObjectView spec) {
    Set<String> seen = new HashSet<>();
    for (ObjectView provider : spec.objects("extensionProviders")) {
      if (provider.has("name") && !seen.add(provider.text("name"))) {
        provider.invalid("name", "is there twice; give each provider a name of its own");
      }
    }
  }
}
