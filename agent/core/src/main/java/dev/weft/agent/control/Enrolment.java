package dev.weft.agent.control;

import dev.weft.policy.AccessToken;
import dev.weft.policy.JsonTree;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Obtains certificates: the first for a join token, the next for the one there is. Thread-safe. */
final class Enrolment {

  private final ControlConfig config;
  private final MeshState mesh;
  private final Clock clock;
  private final LineLog log;

  Enrolment(ControlConfig config, MeshState mesh, Clock clock, LineLog log) {
    this.config = config;
    this.mesh = mesh;
    this.clock = clock;
    this.log = log;
  }

  /** The control server refuses this token or this identity; only an operator can change that. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    Refused(String message) {
      super(message);
    }
  }

  /** A certificate and how long it lasts by the issuer's own clock. Immutable. */
  static final class Issued {
    final Credentials svid;
    final Duration life;

    /** The control server takes what else comes on this connection for this identity's. */
    final boolean speaksForConnection;

    Issued(Credentials svid, Duration life, boolean speaksForConnection) {
      this.svid = svid;
      this.life = life;
      this.speaksForConnection = speaksForConnection;
    }
  }

  /** Uses the token up. */
  Issued join(ControlConnection connection, AccessToken token, int millis)
      throws IOException, GeneralSecurityException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("service", config.service);
    request.put("namespace", config.namespace);
    request.put("serviceAccount", config.serviceAccount);
    return request(connection, "/v1/agent/join", token, request, millis);
  }

  /** For the identity that the connection presents. */
  Issued renew(ControlConnection connection, int millis)
      throws IOException, GeneralSecurityException {
    return request(connection, "/v1/agent/renew", null, new LinkedHashMap<>(), millis);
  }

  private Issued request(
      ControlConnection connection,
      String path,
      @Nullable AccessToken token,
      Map<String, Object> request,
      int millis)
      throws IOException, GeneralSecurityException {
    MeshState.KeyRequest key = mesh.newKey();
    request.put("csr", Base64.getEncoder().encodeToString(key.csr()));
    ControlReply reply =
        connection.exchange(
            "POST",
            path,
            token == null ? null : token.text(),
            JsonTree.STANDARD.bytes(request),
            millis);
    if (reply.isRefusal()) {
      throw new Refused(reply.message());
    }
    if (!reply.isOk()) {
      throw new IOException(reply.message());
    }
    Map<String, Object> answer = reply.json();
    Credentials svid;
    try {
      svid =
          Credentials.of(
              key.key(),
              Credentials.certificates(texts(answer, "certificateChain")),
              Credentials.certificates(texts(answer, "trustBundle")));
    } catch (IllegalArgumentException e) {
      throw new IOException("the control server's certificate is incomplete: " + e.getMessage(), e);
    }
    if (token != null && !holdsRootOf(token, svid)) {
      throw new IOException("the trust bundle does not hold the root of the join token");
    }
    Instant issuedAt = reply.serverTime();
    compareClocks(svid.leaf(), issuedAt);
    Instant from = issuedAt == null ? clock.instant() : issuedAt;
    return new Issued(
        svid,
        Duration.between(from, svid.notAfter()),
        Boolean.TRUE.equals(answer.get("speaksForConnection")));
  }

  private static boolean holdsRootOf(AccessToken token, Credentials svid) {
    for (X509Certificate root : svid.bundle()) {
      if (token.trusts(root)) {
        return true;
      }
    }
    return false;
  }

  /** Says so when this machine's clock makes a fresh certificate unusable here or elsewhere. */
  private void compareClocks(X509Certificate leaf, @Nullable Instant server) {
    Instant now = clock.instant();
    Instant from = leaf.getNotBefore().toInstant();
    Instant until = leaf.getNotAfter().toInstant();
    if (now.isBefore(from) || now.isAfter(until)) {
      log.line(
          "clock",
          "the certificate just issued is valid from "
              + from
              + " to "
              + until
              + ", but the clock of this machine says "
              + now
              + (server == null ? "" : " and the control server's clock " + server)
              + ": set the clocks right");
    }
  }

  private static List<String> texts(Map<String, Object> answer, String field) throws IOException {
    Object value = answer.get(field);
    List<String> texts = new ArrayList<>();
    if (value instanceof List) {
      for (Object text : (List<?>) value) {
        texts.add(String.valueOf(text));
      }
    }
    if (texts.isEmpty()) {
      throw new IOException("the control server's answer lacks " + field);
    }
    return texts;
  }
}
