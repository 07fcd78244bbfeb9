package dev.weft.policy.resource;

import java.util.Collections;
import java.util.List;
import java.util.Map;
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

  /** Asked over HTTP (Istio EnvoyExternalAuthorizationHttpProvider). Immutable. */
  public static final class ExtAuthzHttp {
    /** Host of the service, perhaps {@code namespace/host}. */
    public final String service;

    /** Its port. */
    public final int port;

    /** How long it may take, in milliseconds. */
    public final long timeoutMillis;

    /** What comes before the path of the request in the question; may be empty. */
    public final String pathPrefix;

    /** Whether requests enter when it cannot be asked. */
    public final boolean failOpen;

    /** Status of the refusal when it cannot be asked. */
    public final int statusOnError;

    /** Headers of its answer that an allowed request takes along into the application. */
    public final List<String> headersToUpstreamOnAllow;

    /** Headers of its answer that the response to an allowed request gets. */
    public final List<String> headersToDownstreamOnAllow;

    /** Headers of its answer that a refusal carries. */
    public final List<String> headersToDownstreamOnDeny;

    /** Headers of the request that it is shown. */
    public final List<String> includeRequestHeadersInCheck;

    /** Headers that are added to the question. */
    public final Map<String, String> includeAdditionalHeadersInCheck;

    private ExtAuthzHttp(SpecFields http) {
      this.service = http.text("service", "");
      this.port = http.integer("port", 0);
      this.timeoutMillis = http.millis("timeout", 600_000);
      this.pathPrefix = http.text("pathPrefix", "");
      this.failOpen = http.flag("failOpen", false);
      this.statusOnError = Integer.parseInt(http.text("statusOnError", "403"));
      this.headersToUpstreamOnAllow = texts(http, "headersToUpstreamOnAllow");
      this.headersToDownstreamOnAllow = texts(http, "headersToDownstreamOnAllow");
      this.headersToDownstreamOnDeny = texts(http, "headersToDownstreamOnDeny");
      this.includeRequestHeadersInCheck = texts(http, "includeRequestHeadersInCheck");
      this.includeAdditionalHeadersInCheck =
          Collections.unmodifiableMap(http.textMap("includeAdditionalHeadersInCheck"));
    }

    private static List<String> texts(SpecFields http, String field) {
      return Collections.unmodifiableList(http.texts(field));
    }
  }

  /** The name by which policy calls it. */
  public final String name;

  /** What it is. */
  public final Kind kind;

  /** How it is asked; null when it is of another kind. */
  public final @Nullable ExtAuthzHttp extAuthzHttp;

  private ExtensionProvider(SpecFields provider) {
    this.name = provider.text("name", "");
    Kind found = Kind.EXT_AUTHZ_HTTP;
    for (Kind each : Kind.values()) {
      found = provider.has(each.field) ? each : found;
    }
    this.kind = found;
    this.extAuthzHttp = provider.optionalObject("envoyExtAuthzHttp", ExtAuthzHttp::new);
  }

  static ExtensionProvider of(SpecFields provider) {
    return new ExtensionProvider(provider);
  }
}
