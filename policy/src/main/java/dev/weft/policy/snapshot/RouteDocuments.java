package dev.weft.policy.snapshot;

import java.util.Map;

/** The wire documents of what a route does to a request, or answers in its place. */
final class RouteDocuments {
  private RouteDocuments() {}

  static Rewrite rewrite(JsonObject from) {
    return Rewrite.builder()
        .path(from.optionalObject("path", RouteDocuments::pathRewrite))
        .authority(from.optionalText("authority"))
        .build();
  }

  static Redirect redirect(JsonObject from) {
    return Redirect.builder()
        .status(from.intValue("status", 301))
        .scheme(from.optionalText("scheme"))
        .authority(from.optionalText("authority"))
        .port(from.intValue("port", 0))
        .requestPort(from.flag("requestPort", false))
        .path(from.optionalObject("path", RouteDocuments::pathRewrite))
        .build();
  }

  static DirectResponse directResponse(JsonObject from) {
    return DirectResponse.builder()
        .status(from.intValue("status", 200))
        .body(from.text("body", ""))
        .build();
  }

  static Mirror mirror(JsonObject from) {
    return Mirror.builder()
        .host(from.text("host", ""))
        .subset(from.optionalText("subset"))
        .port(from.intValue("port", 0))
        .percent(from.decimal("percent", 100))
        .build();
  }

  static CorsPolicy cors(JsonObject from) {
    return CorsPolicy.builder()
        .allowOrigins(from.objects("allowOrigins", SnapshotReader::stringMatch))
        .allowMethods(from.texts("allowMethods"))
        .allowHeaders(from.texts("allowHeaders"))
        .exposeHeaders(from.texts("exposeHeaders"))
        .maxAgeSeconds(from.longValue("maxAgeSeconds", CorsPolicy.NO_MAX_AGE))
        .allowCredentials(from.flag("allowCredentials", false))
        .forwardUnmatchedPreflights(from.flag("forwardUnmatchedPreflights", true))
        .build();
  }

  private static PathRewrite pathRewrite(JsonObject from) {
    return PathRewrite.builder()
        .match(from.optionalObject("match", SnapshotReader::stringMatch))
        .value(from.text("value", ""))
        .build();
  }

  static Map<String, Object> write(Rewrite from) {
    return new JsonWriter()
        .optionalObject("path", from.path, RouteDocuments::write)
        .text("authority", from.authority)
        .map();
  }

  static Map<String, Object> write(Redirect from) {
    return new JsonWriter()
        .number("status", from.status, 301)
        .text("scheme", from.scheme)
        .text("authority", from.authority)
        .number("port", from.port, 0)
        .flag("requestPort", from.requestPort, false)
        .optionalObject("path", from.path, RouteDocuments::write)
        .map();
  }

  static Map<String, Object> write(DirectResponse from) {
    return new JsonWriter().number("status", from.status, 200).text("body", from.body).map();
  }

  static Map<String, Object> write(Mirror from) {
    return new JsonWriter()
        .text("host", from.host)
        .text("subset", from.subset)
        .number("port", from.port, 0)
        .decimal("percent", from.percent, 100)
        .map();
  }

  static Map<String, Object> write(CorsPolicy from) {
    return new JsonWriter()
        .list("allowOrigins", from.allowOrigins, SnapshotWriter::write)
        .list("allowMethods", from.allowMethods)
        .list("allowHeaders", from.allowHeaders)
        .list("exposeHeaders", from.exposeHeaders)
        .number("maxAgeSeconds", from.maxAgeSeconds, CorsPolicy.NO_MAX_AGE)
        .flag("allowCredentials", from.allowCredentials, false)
        .flag("forwardUnmatchedPreflights", from.forwardUnmatchedPreflights, true)
        .map();
  }

  private static Map<String, Object> write(PathRewrite from) {
    return new JsonWriter()
        .optionalObject("match", from.match, SnapshotWriter::write)
        .text("value", from.value)
        .map();
  }
}
