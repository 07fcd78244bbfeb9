package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.outbound.OutboundRequest;
import java.net.MalformedURLException;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/**
 * One hop as the mesh sees it. Edits are kept here; the application's settings stay as they are.
 */
final class HopRequest implements OutboundRequest {
  private final String method;
  private final String authority;
  private final String path;
  private final RequestHeaders headers;
  private final @Nullable RequestBody body;
  private @Nullable String otherPath;
  private @Nullable String otherAuthority;

  private HopRequest(
      String method,
      String authority,
      String path,
      RequestHeaders headers,
      @Nullable RequestBody body) {
    this.method = method;
    this.authority = authority;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  static HopRequest of(String method, URL url, RequestHeaders headers, @Nullable RequestBody body) {
    String file = url.getFile();
    String path = file == null || file.isEmpty() ? "/" : file.charAt(0) == '?' ? "/" + file : file;
    return new HopRequest(method, authorityOf(url), path, headers.copy(), body);
  }

  /** A request of which nothing is known but where it goes. */
  static HopRequest bare(String authority) {
    return new HopRequest("GET", authority, "/", new RequestHeaders(), null);
  }

  static String authorityOf(URL url) {
    return url.getPort() < 0 ? url.getHost() : url.getHost() + ":" + url.getPort();
  }

  /** Where to send it: {@code url} unless policy wants another path or host written. */
  URL urlOr(URL url) throws MalformedURLException {
    if (otherPath == null && otherAuthority == null) {
      return url;
    }
    String host = otherAuthority == null ? authority : otherAuthority;
    return new URL("http://" + host + (otherPath == null ? path : otherPath));
  }

  RequestHeaders headers() {
    return headers;
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
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String header(String name) {
    return headers.first(name);
  }

  @Override
  public void setHeader(String name, String value) {
    headers.set(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    headers.add(name, value);
  }

  @Override
  public void removeHeader(String name) {
    headers.remove(name);
  }

  @Override
  public boolean rewritePath(String pathAndQuery) {
    otherPath = pathAndQuery;
    return true;
  }

  @Override
  public boolean rewriteAuthority(String written) {
    otherAuthority = written;
    return true;
  }

  @Override
  public byte @Nullable [] copyTo(HeaderEditor copy) {
    headers.copyTo(copy);
    if (body != null && !method.equals("PUT") && headers.first("Content-Type") == null) {
      // What the runtime writes then.
      copy.addHeader("Content-Type", "application/x-www-form-urlencoded");
    }
    return body == null ? new byte[0] : body.whole();
  }

  @Override
  public boolean replayable() {
    return body == null || body.replayable();
  }
}
