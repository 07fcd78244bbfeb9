package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.outbound.OutboundRequest;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** One hop as the mesh sees it. */
final class HopRequest extends HopHeaders implements OutboundRequest {
  private final Request request;
  private final String authority;
  private final @Nullable HopBody body;
  private @Nullable HttpUrl rewritten;

  private HopRequest(Request request, @Nullable HopBody body) {
    super(request.headers());
    this.request = request;
    this.authority = authorityOf(request.url());
    this.body = body;
  }

  static HopRequest of(Request request, Internals internals) {
    RequestBody body = request.body();
    return new HopRequest(request, body == null ? null : new HopBody(body, internals));
  }

  /** As the application wrote it; the URL has the default port filled in. */
  static String authorityOf(HttpUrl url) {
    String host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
    return url.port() == HttpUrl.defaultPort(url.scheme()) ? host : host + ":" + url.port();
  }

  /** The request with all edits, to be sent once. */
  Request message() {
    HttpUrl url = rewritten;
    if (body == null && url == null && !edited()) {
      return request;
    }
    Request.Builder message = request.newBuilder().headers(headers());
    if (url != null) {
      message.url(url);
    }
    if (body != null) {
      message.method(request.method(), body);
    }
    return message.build();
  }

  /** The request as the library handed it over. */
  Request original() {
    return request;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String scheme() {
    return request.url().scheme();
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return pathOf(request.url());
  }

  private static String pathOf(HttpUrl url) {
    String query = url.encodedQuery();
    String path = url.encodedPath();
    return query == null ? path : path + "?" + query;
  }

  /**
   * The library writes some paths in another way, such as those with dots; these it cannot send.
   */
  @Override
  public boolean rewritePath(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    HttpUrl url =
        request
            .url()
            .newBuilder()
            .encodedPath(query < 0 ? pathAndQuery : pathAndQuery.substring(0, query))
            .encodedQuery(query < 0 ? null : pathAndQuery.substring(query + 1))
            .build();
    rewritten = url;
    return pathOf(url).equals(pathAndQuery);
  }

  @Override
  public boolean rewriteAuthority(String authority) {
    setHeader("Host", authority);
    return true;
  }

  @Override
  public byte @Nullable [] copyTo(HeaderEditor copy) {
    Headers sent = headers();
    for (int i = 0; i < sent.size(); i++) {
      copy.addHeader(sent.name(i), sent.value(i));
    }
    return body == null ? new byte[0] : body.whole();
  }

  @Override
  public boolean replayable() {
    return body == null || body.replayable();
  }
}
