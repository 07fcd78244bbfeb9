package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.outbound.OutboundRequest;
import dev.weft.dataplane.outbound.Target;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * One hop as the mesh sees it. Edits go to the library's wrapper of the request, never to the
 * application's own object.
 */
final class HopRequest implements OutboundRequest {
  private final HttpRequest request;
  private final HttpHost host;
  private final String scheme;
  private final String authority;
  private final String path;
  private final SentBody body;
  private @Nullable URI rewritten;

  private HopRequest(
      HttpRequest request,
      HttpHost host,
      String scheme,
      String authority,
      String path,
      SentBody body) {
    this.request = request;
    this.host = host;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.body = body;
  }

  /**
   * A hop.
   *
   * @param request the library's wrapper, which is sent
   * @param original what it wraps: the application's request, or that of a redirect
   * @param body what is known of its body
   */
  static HopRequest of(HttpRequest request, HttpRequest original, HttpHost target, SentBody body) {
    URI uri = uriOf(original);
    String scheme = target.getSchemeName().toLowerCase(Locale.ROOT);
    return new HopRequest(
        request, target, scheme, authorityOf(uri, target, scheme), pathOf(uri), body);
  }

  /** As {@link #of}, for clients that send the host of the route, whatever the request names. */
  static HopRequest byRoute(
      HttpRequest request, HttpRequest original, HttpHost target, SentBody body) {
    URI uri = uriOf(original);
    String scheme = target.getSchemeName().toLowerCase(Locale.ROOT);
    boolean same = uri != null && target.getHostName().equalsIgnoreCase(uri.getHost());
    return new HopRequest(
        request, target, scheme, authorityOf(same ? uri : null, target, scheme), pathOf(uri), body);
  }

  /** The service that a host is, or null when the mesh does not know it. */
  static @Nullable Target target(HookContext mesh, HttpHost host) {
    String scheme = host.getSchemeName().toLowerCase(Locale.ROOT);
    return mesh.dataPlane().blocking().resolve(scheme, authorityOf(null, host, scheme));
  }

  /** Whether the mesh sends what goes this way. */
  static boolean isOfMesh(HookContext mesh, HttpRoute route) {
    try {
      return target(mesh, route.getTargetHost()) != null;
    } catch (RuntimeException e) {
      // What sends the hop refuses what is not decided, in the library's own way.
      return true;
    }
  }

  HttpRequest request() {
    return request;
  }

  /** The service's host, as the route had it before the mesh chose an instance. */
  HttpHost host() {
    return host;
  }

  @Override
  public String method() {
    return request.getRequestLine().getMethod();
  }

  @Override
  public String scheme() {
    return scheme;
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String header(String name) {
    Header first = request.getFirstHeader(name);
    return first == null ? null : first.getValue();
  }

  @Override
  public void setHeader(String name, String value) {
    request.removeHeaders(name);
    request.addHeader(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    request.addHeader(name, value);
  }

  @Override
  public void removeHeader(String name) {
    request.removeHeaders(name);
  }

  /** What to write in the request line in place of what the library would; null to leave it. */
  @Nullable URI rewritten() {
    return rewritten;
  }

  /** The library takes what begins with {@code //} for a host. */
  @Override
  public boolean rewritePath(String pathAndQuery) {
    try {
      rewritten = new URI(pathAndQuery);
      return !pathAndQuery.startsWith("//");
    } catch (URISyntaxException e) {
      return false;
    }
  }

  @Override
  public boolean rewriteAuthority(String written) {
    setHeader("Host", written);
    return true;
  }

  @Override
  public byte @Nullable [] copyTo(HeaderEditor copy) {
    for (Header header : request.getAllHeaders()) {
      copy.addHeader(header.getName(), header.getValue());
    }
    return body.whole();
  }

  @Override
  public boolean replayable() {
    return body.replayable();
  }

  private static @Nullable URI uriOf(HttpRequest original) {
    if (original instanceof HttpUriRequest) {
      return ((HttpUriRequest) original).getURI();
    }
    try {
      return URI.create(original.getRequestLine().getUri());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** As the application wrote it; the route's host has the default port filled in. */
  static String authorityOf(@Nullable URI uri, HttpHost target, String scheme) {
    if (uri != null && uri.isAbsolute() && uri.getHost() != null) {
      return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }
    int standard = scheme.equals("https") ? 443 : 80;
    int port = target.getPort();
    return port < 0 || port == standard ? target.getHostName() : target.getHostName() + ":" + port;
  }

  private static String pathOf(@Nullable URI uri) {
    if (uri == null) {
      return "/";
    }
    String path = uri.getRawPath();
    String whole = path == null || path.isEmpty() ? "/" : path;
    return uri.getRawQuery() == null ? whole : whole + "?" + uri.getRawQuery();
  }
}
