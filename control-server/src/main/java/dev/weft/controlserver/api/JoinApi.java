package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.Metrics;
import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.ca.CertificateRequest;
import dev.weft.controlserver.ca.CsrException;
import dev.weft.controlserver.ca.IssuedCertificate;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.identity.Denied;
import dev.weft.controlserver.identity.FailureLimit;
import dev.weft.controlserver.identity.JoinTokens;
import dev.weft.controlserver.identity.WithdrawnIdentities;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.policy.AccessToken;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where agents get certificates: the first for a join token, the next for the one they have. */
final class JoinApi {
  private final CertificateAuthority authority;
  private final JoinTokens tokens;
  private final WithdrawnIdentities withdrawn;
  private final Mesh mesh;
  private final FailureLimit failures;
  private final Duration leafLife;
  private final AuditLog audit;
  private final Metrics metrics;

  JoinApi(
      CertificateAuthority authority,
      JoinTokens tokens,
      WithdrawnIdentities withdrawn,
      Mesh mesh,
      FailureLimit failures,
      Duration leafLife,
      AuditLog audit,
      Metrics metrics) {
    this.authority = authority;
    this.tokens = tokens;
    this.withdrawn = withdrawn;
    this.mesh = mesh;
    this.failures = failures;
    this.leafLife = leafLife;
    this.audit = audit;
    this.metrics = metrics;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, "/v1/agent/join", Role.JOIN_TOKEN, this::join),
        new Endpoint(HttpMethod.POST, "/v1/agent/renew", Role.AGENT, this::renew));
  }

  private HttpResponse join(Call call) throws ApiError, Denied {
    String bearer = call.bearer();
    AccessToken token = null;
    try {
      token = token(bearer);
      JoinTokens.Grant grant = tokens.check(token);
      requireMatch(call, grant);
      requireTrusted(grant.identity());
      IssuedCertificate issued = issue(call, grant.identity());
      // Issued before the token is used up: a certificate nobody receives does no harm, a lost
      // token does.
      AccessToken used = token;
      mesh.change(upcoming -> tokens.redeem(used).newService());
      metrics.joined();
      audit.record(
          "join",
          "token:" + token.id(),
          call.remote(),
          "ok",
          "service",
          grant.service(),
          "spiffeId",
          grant.identity().uri(),
          "serial",
          issued.leaf().getSerialNumber().toString(16));
      return answer(issued, grant.identity(), JoinedConnection.bind(call.context(), issued));
    } catch (Denied e) {
      throw refused(call, token == null ? "none" : "token:" + token.id(), ApiService.error(e));
    } catch (ApiError e) {
      throw refused(call, token == null ? "none" : "token:" + token.id(), e);
    }
  }

  private static AccessToken token(@Nullable String bearer) throws Denied {
    if (bearer == null) {
      throw Denied.unknown("joining needs a join token: send Authorization: Bearer weft-join...");
    }
    try {
      return AccessToken.parse(bearer);
    } catch (IllegalArgumentException malformed) {
      throw Denied.unknown(String.valueOf(malformed.getMessage()));
    }
  }

  private ApiError refused(Call call, String actor, ApiError error) {
    metrics.joinRefused();
    if (!failures.record(call.remote())) {
      return ApiError.of(
          HttpStatus.TOO_MANY_REQUESTS,
          "too-many-failures",
          "too many failed joins from " + call.remote() + ": wait a minute and use a valid token");
    }
    audit.record(
        "join", actor, call.remote(), error.code(), "reason", String.valueOf(error.getMessage()));
    return error;
  }

  private static void requireMatch(Call call, JoinTokens.Grant grant) throws ApiError, Denied {
    WorkloadIdentity identity = grant.identity();
    if (!call.text("service").equals(grant.service())
        || !call.text("namespace").equals(identity.namespace())
        || !call.text("serviceAccount", call.text("service")).equals(identity.serviceAccount())) {
      throw Denied.forbidden(
          "the join token is for service "
              + grant.service()
              + " as "
              + identity.uri()
              + ": make one for this service with `meshctl token create`");
    }
  }

  private void requireTrusted(WorkloadIdentity identity) throws ApiError {
    if (withdrawn.contains(identity)) {
      throw ApiError.of(
          HttpStatus.FORBIDDEN,
          "identity-withdrawn",
          identity.uri() + " is withdrawn: an operator must restore it and make a new join token");
    }
  }

  private HttpResponse renew(Call call) throws ApiError {
    WorkloadIdentity identity = call.caller().workload();
    IssuedCertificate issued = issue(call, identity);
    metrics.renewed();
    audit.record(
        "renew",
        identity.uri(),
        call.remote(),
        "ok",
        "serial",
        issued.leaf().getSerialNumber().toString(16));
    return answer(issued, identity, false);
  }

  private IssuedCertificate issue(Call call, WorkloadIdentity identity) throws ApiError {
    String csr = call.text("csr");
    if (csr.length() > CertificateRequest.MAX_BYTES * 2) {
      throw ApiError.badRequest("the certificate request is too large");
    }
    try {
      // The MIME decoder, because some senders break base64 into lines.
      byte[] der = Base64.getMimeDecoder().decode(csr);
      return authority.issue(identity, CertificateRequest.parse(der).publicKey(), leafLife);
    } catch (CsrException | IllegalArgumentException e) {
      throw ApiError.of(HttpStatus.BAD_REQUEST, "csr-refused", String.valueOf(e.getMessage()));
    }
  }

  private HttpResponse answer(
      IssuedCertificate issued, WorkloadIdentity identity, boolean speaksForConnection) {
    ObjectNode answer = Json.object();
    ArrayNode chain = answer.putArray("certificateChain");
    issued.pemChain().forEach(chain::add);
    ArrayNode bundle = answer.putArray("trustBundle");
    authority.trustBundle().forEach(bundle::add);
    answer.put("spiffeId", identity.uri());
    answer.put("notAfter", issued.leaf().getNotAfter().toInstant().toString());
    answer.put("trustDomain", identity.trustDomain());
    answer.put("speaksForConnection", speaksForConnection);
    return Call.json(answer);
  }
}
