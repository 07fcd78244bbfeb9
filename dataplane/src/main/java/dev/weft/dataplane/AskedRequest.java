package dev.weft.dataplane;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.identity.SpiffeId;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.outbound.OutboundRequest;
import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A request that somebody asks about and nobody sends. For one thread. */
final class AskedRequest implements OutboundRequest, InboundRequest {
  private final Map<?, ?> question;
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final @Nullable PeerIdentity peer;
  private @Nullable String rewrittenPath;

  /**
   * Reads the question.
   *
   * @throws IllegalArgumentException naming what is missing or malformed
   */
  AskedRequest(Map<?, ?> question) {
    this.question = question;
    Object given = question.get("headers");
    if (given instanceof Map) {
      for (Map.Entry<?, ?> header : ((Map<?, ?>) given).entrySet()) {
        setHeader(String.valueOf(header.getKey()), String.valueOf(header.getValue()));
      }
    }
    if (!headers.containsKey("host")) {
      setHeader("host", authority());
    }
    peer = peer(question.get("peer"));
    if (!path().startsWith("/")) {
      throw new IllegalArgumentException("\"path\" must begin with /, not " + path());
    }
  }

  private static @Nullable PeerIdentity peer(@Nullable Object text) {
    if (text == null) {
      return null;
    }
    SpiffeId id = SpiffeId.parse(text.toString());
    if (id == null) {
      throw new IllegalArgumentException("\"peer\" must be a SPIFFE ID, not " + text);
    }
    return PeerIdentity.of(id, new X509Certificate[0], Long.MAX_VALUE);
  }

  private String text(String field) {
    Object value = question.get(field);
    if (!(value instanceof String) || ((String) value).isEmpty()) {
      throw new IllegalArgumentException("the question lacks the text \"" + field + "\"");
    }
    return (String) value;
  }

  /** The path that the other side gets. */
  String sentPath() {
    String rewritten = rewrittenPath;
    return rewritten == null ? path() : rewritten;
  }

  Map<String, String> headersNow() {
    Map<String, String> now = new TreeMap<>();
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      now.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue().get(0));
    }
    return now;
  }

  @Override
  public String method() {
    return text("method");
  }

  @Override
  public String scheme() {
    return text("scheme");
  }

  @Override
  public String authority() {
    return text("authority");
  }

  @Override
  public String path() {
    return text("path");
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = headers.get(name);
    return values == null ? null : values.get(0);
  }

  @Override
  public List<String> headers(String name) {
    List<String> values = headers.get(name);
    return values == null ? Collections.<String>emptyList() : values;
  }

  @Override
  public Iterable<String> headerNames() {
    return headers.keySet();
  }

  @Override
  public void setHeader(String name, String value) {
    headers.put(name, new ArrayList<>(Collections.singletonList(value)));
  }

  @Override
  public void addHeader(String name, String value) {
    List<String> values = headers.get(name);
    if (values == null) {
      setHeader(name, value);
    } else {
      values.add(value);
    }
  }

  @Override
  public void removeHeader(String name) {
    headers.remove(name);
  }

  @Override
  public boolean rewritePath(String pathAndQuery) {
    rewrittenPath = pathAndQuery;
    return true;
  }

  @Override
  public boolean rewriteAuthority(String authority) {
    setHeader("host", authority);
    return true;
  }

  @Override
  public boolean replayable() {
    return true;
  }

  @Override
  public String rawPath() {
    return path();
  }

  /** Nobody answers it. */
  @Override
  public void setAnswerHeader(String name, String value) {}

  /** Nobody answers it. */
  @Override
  public void addAnswerHeader(String name, String value) {}

  /** As a container that decodes once. */
  @Override
  public String decodedPath() {
    int query = path().indexOf('?');
    String raw = query < 0 ? path() : path().substring(0, query);
    try {
      return URLDecoder.decode(raw.replace("+", "%2B"), "UTF-8");
    } catch (UnsupportedEncodingException | IllegalArgumentException e) {
      return raw;
    }
  }

  @Override
  public @Nullable String mappedPath() {
    return null;
  }

  @Override
  public String remoteAddress() {
    return text("remoteAddress");
  }

  /** Unknown to who asks, as where nobody says it: then nothing is let in for it. */
  @Override
  public String localAddress() {
    Object address = question.get("localAddress");
    return address instanceof String ? (String) address : "";
  }

  @Override
  public int localPort() {
    Object port = question.get("port");
    if (!(port instanceof Number)) {
      throw new IllegalArgumentException("the question lacks the number \"port\"");
    }
    return ((Number) port).intValue();
  }

  @Override
  public @Nullable PeerIdentity peer() {
    return peer;
  }

  @Override
  public @Nullable String indicatedServerName() {
    Object name = question.get("serverName");
    return name instanceof String ? (String) name : null;
  }
}
