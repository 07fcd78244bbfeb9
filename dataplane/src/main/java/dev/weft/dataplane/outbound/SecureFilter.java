package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.origination.Origination;
import dev.weft.dataplane.origination.OutsideCredentials;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.TlsMode;
import java.util.List;

/**
 * Decides on mTLS as Istio's automatic mode does: where the endpoint takes it, unless a
 * DestinationRule says DISABLE, and on TLS with servers outside the mesh where it says SIMPLE or
 * MUTUAL. What has to be secured and cannot be is refused, never sent in plaintext.
 */
final class SecureFilter implements OutboundFilter {
  private final ClientSecurity security;

  SecureFilter(ClientSecurity security) {
    this.security = security;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.SECURE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    Attempt attempt = exchange.attempt;
    EndpointPool pool = exchange.pool;
    if (attempt == null || pool == null) {
      return refuse(exchange, "no endpoint was picked");
    }
    Verdict verdict = secure(exchange, pool, attempt);
    int most = pool.policy().connectionPool.maxRequestsPerConnection;
    if (most > 0) {
      attempt.limitRequests(most);
    }
    long longest = pool.policy().connectionPool.maxConnectionMillis;
    if (longest > 0) {
      attempt.limitConnection(longest * 1_000_000, exchange.nowNanos);
    }
    return verdict;
  }

  private Verdict secure(OutboundExchange exchange, EndpointPool pool, Attempt attempt) {
    TlsMode mode = pool.policy().tls;
    CompiledEndpoint endpoint = attempt.compiled();
    if (mode == TlsMode.DISABLE) {
      return Verdict.PROCEED;
    }
    if (mode.isOutside()) {
      return secureOutside(exchange, pool, attempt);
    }
    List<String> names = pool.policy().subjectAltNames;
    if (!names.isEmpty() && !(endpoint.document().mtls && isNamed(endpoint, names))) {
      return refuse(
          exchange,
          pool
              + " takes servers of the identities "
              + names
              + " only (subjectAltNames), but "
              + endpoint
              + (endpoint.document().mtls
                  ? " is " + endpoint.document().spiffeId
                  : " takes no mesh TLS, so that it shows none: tls.mode SIMPLE checks a server"
                      + " outside the mesh"));
    }
    if (!endpoint.document().mtls) {
      return mode == TlsMode.ISTIO_MUTUAL
          ? refuse(
              exchange,
              "DestinationRule of "
                  + pool
                  + " demands ISTIO_MUTUAL, but "
                  + endpoint
                  + " takes no mesh TLS: run the agent there or lift the demand")
          : Verdict.PROCEED;
    }
    if (!security.ready()) {
      return refuse(
          exchange,
          endpoint + " needs mTLS, but this agent has no identity yet: is the control server up?");
    }
    CompiledEndpoint.Secured secured = endpoint.secured(security.generation(), pool.serverName());
    attempt.secure(secured.tls(), secured.poolKey());
    return Verdict.PROCEED;
  }

  /** TLS with a server outside the mesh, for which we need no identity. */
  private static Verdict secureOutside(
      OutboundExchange exchange, EndpointPool pool, Attempt attempt) {
    Origination origination = pool.origination();
    OutsideCredentials credentials = origination == null ? null : origination.current();
    if (origination == null || credentials == null) {
      return refuse(
          exchange,
          "DestinationRule of "
              + pool
              + " demands "
              + pool.policy().tls
              + ", but "
              + (origination == null ? "nothing is known of it" : origination.problem()));
    }
    String sent = exchange.sentAuthority;
    CompiledEndpoint.Secured secured =
        attempt
            .compiled()
            .outside(credentials, sent == null ? exchange.request().authority() : sent);
    attempt.secure(secured.tls(), secured.poolKey());
    return Verdict.PROCEED;
  }

  /** The handshake holds the server to just that identity, so that no other one can answer. */
  private static boolean isNamed(CompiledEndpoint endpoint, List<String> names) {
    String identity = endpoint.document().spiffeId;
    return identity != null && names.contains(identity);
  }

  private static Verdict refuse(OutboundExchange exchange, String reason) {
    return Rejections.of(
        exchange, OutboundStage.SECURE, 503, ReplyKind.IDENTITY_REFUSED, ResponseFlag.UAEX, reason);
  }
}
