package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.http.AgentRequest;
import dev.weft.dataplane.http.AgentResponse;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks one authorizer over HTTP as Envoy's ext_authz filter does: 200 lets in, 500 and above is no
 * answer, and anything else refuses in the authorizer's own words. Thread-safe.
 */
final class CompiledAuthorizer {
  /** By which an authorizer that lets a request in takes headers out of it, as Envoy has it. */
  private static final String REMOVES = "x-envoy-auth-headers-to-remove";

  /** Tells an authorizer whether the body it is shown goes on, as Envoy has it. */
  private static final String PARTIAL = "x-envoy-auth-partial-body";

  /**
   * How long a body may take to come, apart from what its authorizer may take to answer, in
   * milliseconds: about as long as servers wait for one.
   */
  private static final long BODY_MILLIS = 60_000;

  private final ExternalAuthorizer document;
  private final HeaderNames shown;
  private final HeaderNames toUpstream;
  private final HeaderNames onAllow;
  private final HeaderNames onDeny;

  CompiledAuthorizer(ExternalAuthorizer document) {
    this.document = document;
    this.shown = HeaderNames.of(document.includeRequestHeadersInCheck);
    this.toUpstream = HeaderNames.of(document.headersToUpstreamOnAllow);
    this.onAllow = HeaderNames.of(document.headersToDownstreamOnAllow);
    this.onDeny = HeaderNames.of(document.headersToDownstreamOnDeny);
  }

  /**
   * Asks whether a request may enter, and changes its headers as the answer says.
   *
   * @param policy for whose sake
   * @param deadlineNanos when the caller gives up
   * @return the refusal; null when it may
   */
  @Nullable LocalReply ask(
      InboundRequest request, String policy, CheckFilter filter, long deadlineNanos) {
    AgentRequest question = question(request);
    if (question == null) {
      return refuse(
          403, policy, "the mesh cannot show this request to an authorizer and refuses it");
    }
    LocalReply unread = showBody(request, question, policy, filter, deadlineNanos);
    if (unread != null) {
      return unread;
    }
    try {
      long left = timeLeft(filter, document.timeoutMillis, deadlineNanos);
      AgentResponse answer = filter.authorizers().ask(document.host, document.port, question, left);
      if (answer.status() == 200) {
        allow(request, answer);
        tellCaller(request, answer);
        tell(filter, CheckOutcome.ALLOWED);
        return null;
      }
      if (answer.status() < 500) {
        tell(filter, CheckOutcome.DENIED);
        return deny(answer, policy);
      }
      tell(filter, CheckOutcome.FAILED);
    } catch (SocketTimeoutException e) {
      tell(filter, CheckOutcome.TIMEOUT);
    } catch (IOException e) {
      tell(filter, CheckOutcome.FAILED);
    }
    return document.failOpen
        ? null
        : refuse(document.statusOnError, policy, "external authorization failed");
  }

  /**
   * Adds the body to the question, where policy says so. One that does not come whole is no
   * authorizer that cannot be asked: the caller could choose it, so it never fails open.
   */
  private @Nullable LocalReply showBody(
      InboundRequest request,
      AgentRequest question,
      String policy,
      CheckFilter filter,
      long deadlineNanos) {
    int most = document.maxRequestBytes;
    if (most <= 0) {
      question.body(new byte[0]);
      return null;
    }
    byte[] body;
    try {
      // One more than is shown, which tells whether it goes on.
      body = request.peekBody(most + 1, timeLeft(filter, BODY_MILLIS, deadlineNanos));
    } catch (IOException e) {
      tell(
          filter, e instanceof SocketTimeoutException ? CheckOutcome.TIMEOUT : CheckOutcome.FAILED);
      return refuse(
          document.statusOnError,
          policy,
          "the mesh cannot show the body of this request to an authorizer");
    }
    boolean partial = body.length > most;
    if (partial && !document.allowPartialMessage) {
      return refuse(
          413, policy, "the body has more than the " + most + " bytes that an authorizer is shown");
    }
    question.removeHeader(PARTIAL);
    question.addHeader(PARTIAL, String.valueOf(partial));
    question.body(partial ? Arrays.copyOf(body, most) : body);
    return null;
  }

  private static long timeLeft(CheckFilter filter, long allowedMillis, long deadlineNanos)
      throws SocketTimeoutException {
    long left = filter.left(allowedMillis, deadlineNanos);
    if (left <= 0) {
      throw new SocketTimeoutException("no time is left to ask");
    }
    return left;
  }

  private void tell(CheckFilter filter, CheckOutcome outcome) {
    filter.tell(document.name, outcome);
  }

  /** Null when the authorizer would be asked about another request than this. */
  private @Nullable AgentRequest question(InboundRequest request) {
    String path = document.pathPrefix + RequestTargets.pathAndQuery(request.rawPath());
    List<String> hosts = request.headers("host");
    String host = hosts.isEmpty() || hosts.get(0).isEmpty() ? document.host : hosts.get(0);
    AgentRequest question = new AgentRequest(request.method(), path, host);
    boolean faithful = isWithin(path, 0x7E) && isWithin(host, 0x7E);
    Map<String, String> names = new LinkedHashMap<>();
    names.put("authorization", "authorization");
    if (!shown.isEmpty()) {
      for (String name : request.headerNames()) {
        if (shown.include(name)) {
          names.put(name.toLowerCase(Locale.ROOT), name);
        }
      }
    }
    for (String name : names.values()) {
      if (!MeshHeaders.isReserved(name)) {
        for (String value : request.headers(name)) {
          faithful &= isWithin(value, 0xFF);
          question.addHeader(name, value);
        }
      }
    }
    for (Map.Entry<String, String> each : document.includeAdditionalHeadersInCheck.entrySet()) {
      question.removeHeader(each.getKey());
      question.addHeader(each.getKey(), each.getValue());
    }
    return faithful && question.sendable() ? question : null;
  }

  private void allow(InboundRequest request, AgentResponse answer) {
    if (!toUpstream.isEmpty()) {
      for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
        String name = header.getKey();
        if (toUpstream.include(name) && isTheAuthorizers(name)) {
          String value = String.join(", ", header.getValue());
          if (isVisible(value)) {
            request.setHeader(name, value);
          } else {
            // Nor may the caller's own stand for it.
            request.removeHeader(name);
          }
        }
      }
    }
    List<String> removed = answer.headers().get(REMOVES);
    if (removed != null) {
      for (String name : String.join(",", removed).split(",")) {
        if (isTheAuthorizers(name.trim())) {
          request.removeHeader(name.trim());
        }
      }
    }
  }

  /** A cookie is another header beside the application's; of any other name there is one. */
  private void tellCaller(InboundRequest request, AgentResponse answer) {
    if (onAllow.isEmpty()) {
      return;
    }
    for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
      String name = header.getKey();
      if (!onAllow.include(name) || !isTheAuthorizers(name) || isOfItsOwnAnswer(name)) {
        continue;
      }
      if (name.equals("set-cookie")) {
        for (String cookie : header.getValue()) {
          if (isVisible(cookie)) {
            request.addAnswerHeader(name, cookie);
          }
        }
      } else {
        String value = String.join(", ", header.getValue());
        if (isVisible(value)) {
          request.setAnswerHeader(name, value);
        }
      }
    }
  }

  /**
   * What says of the authorizer's answer how it is to be read, and nothing of the application's.
   */
  private static boolean isOfItsOwnAnswer(String name) {
    switch (name) {
      case "content-encoding":
      case "content-language":
      case "content-location":
      case "content-range":
      case "content-type":
      case "date":
      case "server":
        return true;
      default:
        return false;
    }
  }

  private LocalReply deny(AgentResponse answer, String policy) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> header : answer.headers().entrySet()) {
      String name = header.getKey();
      boolean wanted =
          onDeny.isEmpty()
              || onDeny.include(name)
              || name.equals("www-authenticate")
              || name.equals("location");
      // Date and server are the container's own, as they are the sidecar's.
      if (wanted
          && isTheAuthorizers(name)
          && !name.equals("date")
          && !name.equals("server")
          && header.getValue().stream().allMatch(CompiledAuthorizer::isVisible)) {
        headers.put(name, header.getValue());
      }
    }
    if (answer.body().length > 0 && !headers.containsKey("content-type")) {
      headers.put("content-type", Collections.singletonList("text/plain"));
    }
    return LocalReply.refusal(
        answer.status(),
        headers,
        answer.body(),
        ResponseFlag.UAEX,
        InboundStage.CHECK.name(),
        policy,
        "refused by " + document.name);
  }

  private static LocalReply refuse(int status, String policy, String reason) {
    return LocalReply.of(
        status, ReplyKind.RESPONSE, ResponseFlag.UAEX, InboundStage.CHECK.name(), policy, reason);
  }

  /** Whether an authorizer may say anything about a header of that name. */
  private static boolean isTheAuthorizers(String name) {
    return !name.isEmpty()
        && name.charAt(0) != ':'
        && !AgentRequest.isOfConnection(name)
        && !MeshHeaders.isReserved(name);
  }

  private static boolean isWithin(String text, int highest) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > highest) {
        return false;
      }
    }
    return true;
  }

  private static boolean isVisible(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < ' ' && c != '\t') || c > 0x7E) {
        return false;
      }
    }
    return true;
  }

  /** For people: who is asked, and what becomes of a request about which it says nothing. */
  @Override
  public String toString() {
    return document.name
        + " at "
        + document.host
        + ":"
        + document.port
        + document.pathPrefix
        + " (timeout "
        + document.timeoutMillis
        + " ms, "
        + (document.maxRequestBytes > 0
            ? (document.allowPartialMessage ? "shown the first " : "shown bodies of up to ")
                + document.maxRequestBytes
                + (document.allowPartialMessage ? " bytes of bodies, " : " bytes, ")
            : "")
        + (document.failOpen ? "fails open" : "fails with " + document.statusOnError)
        + ")";
  }
}
