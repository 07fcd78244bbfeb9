package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.RequestHead;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An incoming request as the matches of routes read it, in one reading of its path at a time. */
final class CorsHead implements RequestHead {
  private final InboundRequest request;
  private String path;

  CorsHead(InboundRequest request) {
    this.request = request;
    this.path = request.rawPath();
  }

  /** Another reading of the path, with the query as it came. */
  CorsHead read(String reading) {
    String raw = request.rawPath();
    int query = raw.indexOf('?');
    path = query < 0 ? reading : reading + raw.substring(query);
    return this;
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
  public String authority() {
    String host = header("host");
    return host == null ? "" : host;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public @Nullable String header(String name) {
    List<String> values = request.headers(name);
    return values.isEmpty() ? null : values.get(0);
  }
}
