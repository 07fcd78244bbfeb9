package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.identity.SpiffeId;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A request as a test writes it. */
public final class FakeRequest implements InboundRequest {
  private String method = "GET";
  private String rawPath = "/";
  private String decodedPath = "/";
  private String mappedPath;
  private String remoteAddress = "10.1.2.3";
  private String localAddress = "10.9.8.7";
  private int port = 8080;
  private String serverName;
  private PeerIdentity peer;
  private boolean unchangeable;
  private boolean toldByAnyThread;
  private String broken = "";
  private final Map<String, List<String>> headers = new HashMap<>();
  private byte[] body;
  private IOException unreadable;
  long bodyNanos;
  final Map<String, String> answer = new TreeMap<>();

  public static FakeRequest get(String rawPath) {
    return new FakeRequest().path(rawPath, rawPath);
  }

  FakeRequest path(String raw, String decoded) {
    rawPath = raw;
    int query = decoded.indexOf('?');
    decodedPath = query < 0 ? decoded : decoded.substring(0, query);
    return this;
  }

  FakeRequest mapped(String path) {
    mappedPath = path;
    return this;
  }

  FakeRequest method(String name) {
    method = name;
    return this;
  }

  FakeRequest from(String address) {
    remoteAddress = address;
    return this;
  }

  FakeRequest at(int localPort) {
    port = localPort;
    return this;
  }

  FakeRequest at(String address) {
    localAddress = address;
    return this;
  }

  FakeRequest indicating(String name) {
    serverName = name;
    return this;
  }

  FakeRequest peer(String spiffeId) {
    peer = PeerIdentity.of(SpiffeId.parse(spiffeId), new X509Certificate[1], Long.MAX_VALUE);
    return this;
  }

  public FakeRequest unchangeable() {
    unchangeable = true;
    return this;
  }

  FakeRequest toldByAnyThread() {
    toldByAnyThread = true;
    return this;
  }

  /** Whoever reads this header meets a bug. */
  FakeRequest broken(String name) {
    broken = name;
    return this;
  }

  public FakeRequest header(String name, String value) {
    headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new ArrayList<>()).add(value);
    return this;
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public List<String> headers(String name) {
    if (name.equals(broken)) {
      throw new IllegalStateException("injected");
    }
    return headers.getOrDefault(name.toLowerCase(Locale.ROOT), Collections.emptyList());
  }

  @Override
  public Iterable<String> headerNames() {
    return headers.keySet();
  }

  @Override
  public String rawPath() {
    return rawPath;
  }

  @Override
  public String decodedPath() {
    return decodedPath;
  }

  @Override
  public String mappedPath() {
    return mappedPath;
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public String localAddress() {
    return localAddress;
  }

  @Override
  public int localPort() {
    return port;
  }

  @Override
  public void setHeader(String name, String value) {
    removeHeader(name);
    header(name, value);
  }

  @Override
  public void removeHeader(String name) {
    if (unchangeable) {
      throw new UnsupportedOperationException(name);
    }
    headers.remove(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public void setAnswerHeader(String name, String value) {
    if (unchangeable) {
      throw new UnsupportedOperationException(name);
    }
    answer.put(name, value);
  }

  @Override
  public boolean tellsCallers() {
    return true;
  }

  @Override
  public void tellCaller(String name, String value, boolean serving) {
    InboundRequest.super.tellCaller(name, value, serving || toldByAnyThread);
  }

  @Override
  public void addAnswerHeader(String name, String value) {
    setAnswerHeader(name, answer.containsKey(name) ? answer.get(name) + " and " + value : value);
  }

  /** Bytes of the body, and how it breaks off; null for not at all. */
  FakeRequest body(byte[] bytes, IOException failure) {
    body = bytes;
    unreadable = failure;
    return this;
  }

  @Override
  public byte[] peekBody(int most, long timeoutNanos) throws IOException {
    if (body == null) {
      return InboundRequest.super.peekBody(most, timeoutNanos);
    }
    bodyNanos = timeoutNanos;
    if (unreadable != null && body.length < most) {
      throw unreadable;
    }
    return Arrays.copyOf(body, Math.min(most, body.length));
  }

  @Override
  public PeerIdentity peer() {
    return peer;
  }

  @Override
  public String indicatedServerName() {
    return serverName;
  }
}
