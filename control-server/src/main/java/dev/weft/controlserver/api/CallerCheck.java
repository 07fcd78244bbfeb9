package dev.weft.controlserver.api;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.weft.controlserver.ca.SvidTrust;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.identity.AdminTokens;
import dev.weft.controlserver.identity.WithdrawnIdentities;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Decides who a caller is, before its body is read. Thread-safe. */
final class CallerCheck {
  private final AdminTokens adminTokens;
  private final SvidTrust trust;
  private final WithdrawnIdentities withdrawn;

  CallerCheck(AdminTokens adminTokens, SvidTrust trust, WithdrawnIdentities withdrawn) {
    this.adminTokens = adminTokens;
    this.trust = trust;
    this.withdrawn = withdrawn;
  }

  Caller require(Role role, ServiceRequestContext context, HttpRequest request) throws ApiError {
    return switch (role) {
      case OPEN, JOIN_TOKEN -> Caller.ANONYMOUS;
      case OPERATOR -> operator(request);
      case AGENT -> agent(context);
    };
  }

  private Caller operator(HttpRequest request) throws ApiError {
    String bearer = Call.bearer(request.headers().get(HttpHeaderNames.AUTHORIZATION));
    if (bearer == null) {
      throw ApiError.of(
          HttpStatus.UNAUTHORIZED,
          "token-required",
          "this needs the admin token: send Authorization: Bearer weft-admin...");
    }
    String id = adminTokens.holder(bearer);
    if (id == null) {
      throw ApiError.of(
          HttpStatus.UNAUTHORIZED,
          "token-refused",
          "the admin token is not one of this control server: use the file it names when it starts");
    }
    return new Caller("admin:" + id, null, null, false);
  }

  private Caller agent(ServiceRequestContext context) throws ApiError {
    Certificate[] chain = clientCertificates(context);
    X509Certificate leaf = (X509Certificate) chain[0];
    X509Certificate intermediate = (X509Certificate) chain[1];
    WorkloadIdentity identity;
    try {
      identity = trust.identify(leaf, intermediate);
    } catch (SvidTrust.Refused refused) {
      throw ApiError.of(
          HttpStatus.UNAUTHORIZED, "certificate-refused", String.valueOf(refused.getMessage()));
    }
    if (withdrawn.contains(identity)) {
      throw ApiError.of(
          HttpStatus.FORBIDDEN,
          "identity-withdrawn",
          identity.uri() + " is withdrawn: an operator must restore it and make a new join token");
    }
    return new Caller(
        identity.uri(), identity, leaf.getNotAfter().toInstant(), trust.isOutdated(intermediate));
  }

  /** What the handshake proved; without a client certificate in it, what joined by it. */
  private static Certificate[] clientCertificates(ServiceRequestContext context) throws ApiError {
    Certificate[] chain = handshake(context.sslSession());
    if (chain.length == 0) {
      chain = JoinedConnection.chain(context);
    }
    if (chain.length > 1) {
      return chain;
    }
    throw ApiError.of(
        HttpStatus.UNAUTHORIZED,
        "certificate-required",
        "this needs a client certificate of this mesh: join first");
  }

  private static Certificate[] handshake(@Nullable SSLSession session) {
    try {
      return session == null ? new Certificate[0] : session.getPeerCertificates();
    } catch (SSLPeerUnverifiedException none) {
      return new Certificate[0];
    }
  }
}
