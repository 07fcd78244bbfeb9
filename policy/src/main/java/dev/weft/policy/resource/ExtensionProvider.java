package dev.weft.policy.resource;

import dev.weft.policy.snapshot.ExternalAuthorizer;
import org.jspecify.annotations.Nullable;

/** Something outside that policy names, as MeshConfig describes it. Immutable. */
public final class ExtensionProvider {
  /** What it is. */
  public enum Kind {
    /** Asked over HTTP whether a request may enter. */
    EXT_AUTHZ_HTTP("envoyExtAuthzHttp"),
    /** Reads metrics. */
    METRICS("prometheus"),
    /** Takes spans. */
    TRACING("opentelemetry"),
    /** Takes lines of the access log. */
    ACCESS_LOG("envoyFileAccessLog");

    private final String field;

    Kind(String field) {
      this.field = field;
    }
  }

  /** The name by which policy calls it. */
  public final String name;

  /** What it is. */
  public final Kind kind;

  /**
   * How it is asked, with its host as written, perhaps {@code namespace/host}; null when it is of
   * another kind.
   */
  public final @Nullable ExternalAuthorizer extAuthzHttp;

  private ExtensionProvider(SpecFields provider) {
    this.name = provider.text("name", "");
    Kind found = Kind.EXT_AUTHZ_HTTP;
    for (Kind each : Kind.values()) {
      found = provider.has(each.field) ? each : found;
    }
    this.kind = found;
    this.extAuthzHttp =
        provider.optionalObject("envoyExtAuthzHttp", http -> authorizer(this.name, http));
  }

  private static ExternalAuthorizer authorizer(String name, SpecFields http) {
    SpecFields body = http.object("includeRequestBodyInCheck");
    return ExternalAuthorizer.builder()
        .name(name)
        .host(http.text("service", ""))
        .port(http.integer("port", 0))
        .timeoutMillis(http.millis("timeout", ExternalAuthorizer.DEFAULT_TIMEOUT_MILLIS))
        .pathPrefix(http.text("pathPrefix", ""))
        .failOpen(http.flag("failOpen", false))
        .statusOnError(
            http.has("statusOnError")
                ? Integer.parseInt(http.text("statusOnError", ""))
                : ExternalAuthorizer.DEFAULT_STATUS_ON_ERROR)
        .includeRequestHeadersInCheck(http.texts("includeRequestHeadersInCheck"))
        .includeAdditionalHeadersInCheck(http.textMap("includeAdditionalHeadersInCheck"))
        .maxRequestBytes(body.integer("maxRequestBytes", 0))
        .allowPartialMessage(body.flag("allowPartialMessage", false))
        .headersToUpstreamOnAllow(http.texts("headersToUpstreamOnAllow"))
        .headersToDownstreamOnAllow(http.texts("headersToDownstreamOnAllow"))
        .headersToDownstreamOnDeny(http.texts("headersToDownstreamOnDeny"))
        .build();
  }

  static ExtensionProvider of(SpecFields provider) {
    return new ExtensionProvider(provider);
  }
}
