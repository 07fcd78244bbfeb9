package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CORS: answers a browser's question whether it may ask, and has the answers to allowed origins say
 * so. Who may come in is no concern of it: whatever it lets pass is judged as any other request.
 */
final class CorsFilter implements InboundFilter {
  private static final String ORIGIN = "origin";

  @Override
  public InboundStage stage() {
    return InboundStage.CORS;
  }

  @Override
  public Verdict judge(InboundRequest request, CompiledInbound policy) {
    CompiledCors cors = policy.cors();
    if (cors == null || !hasOrigin(request)) {
      return Verdict.PROCEED;
    }
    CorsGrant grant = cors.find(request);
    if (grant == null) {
      return Verdict.PROCEED;
    }
    String allowed = allowed(request, grant);
    if (isPreflight(request)) {
      return allowed == null && grant.forwardsUnmatched()
          ? Verdict.PROCEED
          : Verdict.reject(grant.preflight(request, allowed));
    }
    if (allowed != null) {
      grant.share(request, allowed);
    }
    return Verdict.PROCEED;
  }

  static boolean hasOrigin(InboundRequest request) {
    List<String> origins = request.headers(ORIGIN);
    return !origins.isEmpty() && !origins.get(0).isEmpty();
  }

  /** A browser's question whether it may ask, which carries no credentials (Fetch standard). */
  static boolean isPreflight(InboundRequest request) {
    return request.method().equals("OPTIONS")
        && !request.headers(ORIGIN).isEmpty()
        && !request.headers("access-control-request-method").isEmpty();
  }

  /** The origin of a request if its scripts may read answers; no browser sends two. */
  static @Nullable String allowed(InboundRequest request, CorsGrant grant) {
    List<String> origins = request.headers(ORIGIN);
    return origins.size() == 1 && grant.allows(origins.get(0)) ? origins.get(0) : null;
  }
}
