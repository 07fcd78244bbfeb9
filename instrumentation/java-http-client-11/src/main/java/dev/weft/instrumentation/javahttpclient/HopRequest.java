package dev.weft.instrumentation.javahttpclient;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.OutboundRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One hop as the mesh sees it, and at the same time the request from which the client makes its own
 * for each attempt. Edits are kept here; the application's request stays as it is.
 */
final class HopRequest extends HttpRequest implements OutboundRequest {
  private final HttpRequest original;
  private final @Nullable ReplayPublisher body;
  private final Map<String, List<String>> added;
  private @Nullable Map<String, List<String>> edited;
  private @Nullable String host;
  private @Nullable URI rewritten;
  private boolean endsConnection;
  private volatile @Nullable Attempt attempt;

  /**
   * A hop.
   *
   * @param added headers that the client itself adds to the application's
   */
  HopRequest(HttpRequest original, Map<String, List<String>> added) {
    this.original = original;
    this.added = added;
    this.body = original.bodyPublisher().map(ReplayPublisher::new).orElse(null);
  }

  /** The same hop with headers and an attempt of its own; the body is shared. */
  private HopRequest(HopRequest hop) {
    this.original = hop.original;
    this.added = hop.added;
    this.body = hop.body;
    this.host = hop.host;
    this.rewritten = hop.rewritten;
    this.endsConnection = hop.endsConnection;
    Map<String, List<String>> edits = hop.edited;
    if (edits != null) {
      Map<String, List<String>> own = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      edits.forEach((name, values) -> own.put(name, new ArrayList<>(values)));
      this.edited = own;
    }
  }

  /**
   * A request for an attempt beside this one's; null while the body is not known to the end, as the
   * application's publisher is subscribed once.
   */
  @Nullable HopRequest beside() {
    return body == null || body.whole() != null ? new HopRequest(this) : null;
  }

  /** The client's own request that this is a hop of. */
  HttpRequest original() {
    return original;
  }

  void sendFor(Attempt next) {
    attempt = next;
  }

  Attempt attempt() {
    Attempt now = attempt;
    if (now == null) {
      throw new IllegalStateException("the hop is not being sent");
    }
    return now;
  }

  /** The Host header: as the application wrote it, unless policy replaced it. */
  String hostHeader() {
    if (host != null) {
      return host;
    }
    int port = original.uri().getPort();
    String name = original.uri().getHost();
    return port < 0 || port == 80 ? name : name + ":" + port;
  }

  @Override
  public String scheme() {
    return original.uri().getScheme().toLowerCase(Locale.ROOT);
  }

  @Override
  public String authority() {
    int port = original.uri().getPort();
    String name = original.uri().getHost();
    return port < 0 ? name : name + ":" + port;
  }

  @Override
  public String path() {
    String path = original.uri().getRawPath();
    String query = original.uri().getRawQuery();
    String whole = path == null || path.isEmpty() ? "/" : path;
    return query == null ? whole : whole + "?" + query;
  }

  @Override
  public @Nullable String header(String name) {
    return name.equalsIgnoreCase("host") ? hostHeader() : headers().firstValue(name).orElse(null);
  }

  @Override
  public void setHeader(String name, String value) {
    if (name.equalsIgnoreCase("host")) {
      host = value;
      return;
    }
    if (name.equalsIgnoreCase("connection")) {
      // The client takes no such header from a request.
      endsConnection = value.equals("close");
      return;
    }
    List<String> only = new ArrayList<>();
    only.add(value);
    edit().put(name, only);
  }

  @Override
  public void addHeader(String name, String value) {
    edit().computeIfAbsent(name, n -> new ArrayList<>()).add(value);
  }

  @Override
  public void removeHeader(String name) {
    edit().remove(name);
  }

  @Override
  public boolean rewritePath(String pathAndQuery) {
    return rewrite(uri().getRawAuthority(), pathAndQuery);
  }

  @Override
  public boolean rewriteAuthority(String authority) {
    host = authority;
    // HTTP/2 has no Host header: the client tells the authority of the URI.
    String path = uri().getRawPath();
    String query = uri().getRawQuery();
    return rewrite(authority, query == null ? path : path + "?" + query);
  }

  private boolean rewrite(String authority, String pathAndQuery) {
    try {
      rewritten = new URI(original.uri().getScheme() + "://" + authority + pathAndQuery);
      return rewritten.getHost() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  @Override
  public byte @Nullable [] copyTo(HeaderEditor copy) {
    headers().map().forEach((name, values) -> values.forEach(v -> copy.addHeader(name, v)));
    added.forEach((name, values) -> values.forEach(v -> copy.addHeader(name, v)));
    return body == null ? new byte[0] : body.whole();
  }

  private Map<String, List<String>> edit() {
    Map<String, List<String>> map = edited;
    if (map == null) {
      map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (Map.Entry<String, List<String>> e : original.headers().map().entrySet()) {
        map.put(e.getKey(), new ArrayList<>(e.getValue()));
      }
      edited = map;
    }
    return map;
  }

  @Override
  public boolean replayable() {
    return body == null || body.replayable();
  }

  @Override
  public HttpHeaders headers() {
    Map<String, List<String>> map = edited;
    return map == null ? original.headers() : HttpHeaders.of(map, (n, v) -> true);
  }

  @Override
  public Optional<BodyPublisher> bodyPublisher() {
    return Optional.ofNullable(body);
  }

  @Override
  public String method() {
    return original.method();
  }

  @Override
  public Optional<Duration> timeout() {
    return original.timeout();
  }

  @Override
  public boolean expectContinue() {
    return original.expectContinue();
  }

  @Override
  public URI uri() {
    URI other = rewritten;
    return other == null ? original.uri() : other;
  }

  /** Whether the connection is to be closed after the answer. */
  boolean endsConnection() {
    return endsConnection;
  }

  @Override
  public Optional<HttpClient.Version> version() {
    return original.version();
  }
}
