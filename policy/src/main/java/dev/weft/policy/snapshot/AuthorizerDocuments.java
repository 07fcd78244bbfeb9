package dev.weft.policy.snapshot;

import java.util.Map;

/** The wire documents of whom policies of action CUSTOM ask. */
final class AuthorizerDocuments {
  private AuthorizerDocuments() {}

  static ExternalAuthorizer authorizer(JsonObject from) {
    return ExternalAuthorizer.builder()
        .name(from.text("name", ""))
        .host(from.text("host", ""))
        .port(from.intValue("port", 0))
        .timeoutMillis(from.longValue("timeoutMillis", ExternalAuthorizer.DEFAULT_TIMEOUT_MILLIS))
        .pathPrefix(from.text("pathPrefix", ""))
        .failOpen(from.flag("failOpen", false))
        .statusOnError(from.intValue("statusOnError", ExternalAuthorizer.DEFAULT_STATUS_ON_ERROR))
        .includeRequestHeadersInCheck(from.texts("includeRequestHeadersInCheck"))
        .includeAdditionalHeadersInCheck(from.textMap("includeAdditionalHeadersInCheck"))
        .maxRequestBytes(from.intValue("maxRequestBytes", 0))
        .allowPartialMessage(from.flag("allowPartialMessage", false))
        .headersToUpstreamOnAllow(from.texts("headersToUpstreamOnAllow"))
        .headersToDownstreamOnAllow(from.texts("headersToDownstreamOnAllow"))
        .headersToDownstreamOnDeny(from.texts("headersToDownstreamOnDeny"))
        .build();
  }

  static Map<String, Object> write(ExternalAuthorizer from) {
    return new JsonWriter()
        .text("name", from.name)
        .text("host", from.host)
        .number("port", from.port, 0)
        .number("timeoutMillis", from.timeoutMillis, ExternalAuthorizer.DEFAULT_TIMEOUT_MILLIS)
        .text("pathPrefix", from.pathPrefix)
        .flag("failOpen", from.failOpen, false)
        .number("statusOnError", from.statusOnError, ExternalAuthorizer.DEFAULT_STATUS_ON_ERROR)
        .list("includeRequestHeadersInCheck", from.includeRequestHeadersInCheck)
        .map(
            "includeAdditionalHeadersInCheck", from.includeAdditionalHeadersInCheck, value -> value)
        .number("maxRequestBytes", from.maxRequestBytes, 0)
        .flag("allowPartialMessage", from.allowPartialMessage, false)
        .list("headersToUpstreamOnAllow", from.headersToUpstreamOnAllow)
        .list("headersToDownstreamOnAllow", from.headersToDownstreamOnAllow)
        .list("headersToDownstreamOnDeny", from.headersToDownstreamOnDeny)
        .map();
  }
}
