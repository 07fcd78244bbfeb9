package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.snapshot.TextMatcher;
import dev.weft.policy.snapshot.CorsPolicy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one rule lets scripts of other origins do, with the headers that Envoy's CORS filter writes.
 * Immutable.
 */
final class CorsGrant {
  private static final String ANY = "*";
  private static final String ALLOW_ORIGIN = "access-control-allow-origin";
  private static final String ALLOW_CREDENTIALS = "access-control-allow-credentials";
  private static final byte[] NOTHING = new byte[0];

  private final String rule;
  private final TextMatcher[] origins;
  private final boolean everyOrigin;
  private final String methods;
  private final String headers;
  private final String exposed;
  private final String maxAge;
  private final boolean credentials;
  private final boolean forwardsUnmatched;

  CorsGrant(String rule, CorsPolicy policy) {
    this.rule = rule;
    this.origins = new TextMatcher[policy.allowOrigins.size()];
    boolean every = false;
    for (int i = 0; i < origins.length; i++) {
      origins[i] = TextMatcher.of(policy.allowOrigins.get(i), false);
      every |= origins[i].matches(ANY);
    }
    this.everyOrigin = every;
    this.methods = String.join(",", policy.allowMethods);
    this.headers = String.join(",", policy.allowHeaders);
    this.exposed = String.join(",", policy.exposeHeaders);
    this.maxAge =
        policy.maxAgeSeconds == CorsPolicy.NO_MAX_AGE ? "" : Long.toString(policy.maxAgeSeconds);
    this.credentials = policy.allowCredentials;
    this.forwardsUnmatched = policy.forwardUnmatchedPreflights;
  }

  /** Whether scripts of an origin may read answers. */
  boolean allows(String origin) {
    if (everyOrigin) {
      return true;
    }
    for (TextMatcher each : origins) {
      if (each.matches(origin)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the application gets the preflights of other origins. */
  boolean forwardsUnmatched() {
    return forwardsUnmatched;
  }

  /** The answer of an origin's request is to say that its scripts may read it. */
  void share(InboundRequest request, String origin) {
    request.setAnswerHeader(ALLOW_ORIGIN, origin);
    if (credentials) {
      request.setAnswerHeader(ALLOW_CREDENTIALS, "true");
    }
    if (!exposed.isEmpty()) {
      request.setAnswerHeader("access-control-expose-headers", exposed);
    }
  }

  /**
   * The answer to a preflight.
   *
   * @param origin the origin when it is allowed, else null
   */
  LocalReply preflight(InboundRequest request, @Nullable String origin) {
    Map<String, List<String>> answer = new LinkedHashMap<>();
    put(answer, ALLOW_ORIGIN, origin);
    put(answer, ALLOW_CREDENTIALS, credentials ? "true" : "");
    put(
        answer,
        "access-control-allow-methods",
        methods.equals(ANY) ? first(request, "access-control-request-method") : methods);
    put(
        answer,
        "access-control-allow-headers",
        headers.equals(ANY) ? first(request, "access-control-request-headers") : headers);
    put(answer, "access-control-max-age", maxAge);
    return LocalReply.answer(200, answer, NOTHING, InboundStage.CORS.name(), rule);
  }

  private static @Nullable String first(InboundRequest request, String name) {
    List<String> values = request.headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  private static void put(Map<String, List<String>> answer, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      answer.put(name, Collections.singletonList(value));
    }
  }

  @Override
  public String toString() {
    return rule.isEmpty() ? "a rule without a name" : "rule " + rule;
  }
}
