package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.outbound.OutboundRequest;
import java.net.URISyntaxException;
import java.util.Iterator;
import java.util.Locale;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.URIAuthority;
import org.jspecify.annotations.Nullable;

/**
 * One hop as the mesh sees it. Edits go to a copy of the request that is ours, never to the
 * application's own object.
 */
final class HopRequest extends MessageHeaders implements OutboundRequest {
  private final HttpRequest request;
  private final HttpHost host;
  private final String scheme;
  private final String authority;
  private final String path;
  private final SentBody body;
  private HttpMessage sent;

  private HopRequest(
      HttpRequest request, HttpHost host, String scheme, String authority, SentBody body) {
    super(request);
    this.request = request;
    this.host = host;
    this.scheme = scheme;
    this.authority = authority;
    String written = request.getPath();
    this.path = written == null || written.isEmpty() ? "/" : written;
    this.body = body;
    this.sent = request;
  }

  /**
   * A hop.
   *
   * @param request ours to change
   * @param host where the route leads, before the mesh chose an instance
   */
  static HopRequest of(HttpRequest request, HttpHost host, SentBody body) {
    String scheme = schemeOf(host);
    return new HopRequest(request, host, scheme, authorityOf(host), body);
  }

  static String schemeOf(HttpHost host) {
    return host.getSchemeName().toLowerCase(Locale.ROOT);
  }

  /** As the application wrote it; the route's host has the default port filled in. */
  static String authorityOf(HttpHost host) {
    int standard = schemeOf(host).equals("https") ? 443 : 80;
    int port = host.getPort();
    return port < 0 || port == standard ? host.getHostName() : host.getHostName() + ":" + port;
  }

  HttpHost host() {
    return host;
  }

  @Override
  public String method() {
    return request.getMethod();
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

  /** The library takes what begins with {@code //} for a host. */
  @Override
  public boolean rewritePath(String pathAndQuery) {
    request.setPath(pathAndQuery);
    return !pathAndQuery.startsWith("//");
  }

  @Override
  public boolean rewriteAuthority(String written) {
    try {
      request.setAuthority(URIAuthority.create(written));
    } catch (URISyntaxException e) {
      return false;
    }
    removeHeader("Host");
    return true;
  }

  /** Says with which headers an attempt went out, those of the library included. */
  void sent(HttpMessage message) {
    sent = message;
  }

  @Override
  public byte @Nullable [] copyTo(HeaderEditor copy) {
    for (Iterator<Header> i = sent.headerIterator(); i.hasNext(); ) {
      Header header = i.next();
      copy.addHeader(header.getName(), header.getValue());
    }
    return body.whole();
  }

  @Override
  public boolean replayable() {
    return body.replayable();
  }
}
