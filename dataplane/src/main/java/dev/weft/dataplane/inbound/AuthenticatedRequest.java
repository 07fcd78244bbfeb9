package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.jwt.VerifiedToken;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request with the token that was found on it. For one request, one thread. */
final class AuthenticatedRequest implements InboundRequest {
  private final InboundRequest request;
  private @Nullable VerifiedToken token;

  AuthenticatedRequest(InboundRequest request) {
    this.request = request;
  }

  void accept(VerifiedToken verified) {
    token = verified;
  }

  @Override
  public @Nullable VerifiedToken token() {
    return token;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String scheme() {
    return request.scheme();
  }

  @Override
  public @Nullable String protocolVersion() {
    return request.protocolVersion();
  }

  @Override
  public List<String> headers(String name) {
    return request.headers(name);
  }

  @Override
  public Iterable<String> headerNames() {
    return request.headerNames();
  }

  @Override
  public String rawPath() {
    return request.rawPath();
  }

  @Override
  public String decodedPath() {
    return request.decodedPath();
  }

  @Override
  public @Nullable String mappedPath() {
    return request.mappedPath();
  }

  @Override
  public String remoteAddress() {
    return request.remoteAddress();
  }

  @Override
  public String localAddress() {
    return request.localAddress();
  }

  @Override
  public int localPort() {
    return request.localPort();
  }

  @Override
  public void setHeader(String name, String value) {
    request.setHeader(name, value);
  }

  @Override
  public void removeHeader(String name) {
    request.removeHeader(name);
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    request.setAnswerHeader(name, value);
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    request.addAnswerHeader(name, value);
  }

  @Override
  public void tellCaller(String name, String value, boolean serving) {
    request.tellCaller(name, value, serving);
  }

  @Override
  public boolean tellsCallers() {
    return request.tellsCallers();
  }

  @Override
  public byte[] peekBody(int most, long timeoutNanos) throws IOException {
    return request.peekBody(most, timeoutNanos);
  }

  @Override
  public @Nullable PeerIdentity peer() {
    return request.peer();
  }

  @Override
  public @Nullable String indicatedServerName() {
    return request.indicatedServerName();
  }
}
