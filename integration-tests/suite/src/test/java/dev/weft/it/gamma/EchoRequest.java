package dev.weft.it.gamma;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.dataplane.outbound.OutboundRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The request of a case, of a client that can write path and host anew. */
final class EchoRequest implements OutboundRequest {
  private final Case of;
  private final Headers headers = new Headers();

  EchoRequest(Case of) {
    this.of = of;
    of.headers().forEach(headers::addHeader);
  }

  /** Headers as a list of values by name. */
  static final class Headers implements HeaderEditor {
    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    @Override
    public void setHeader(String name, String value) {
      removeHeader(name);
      addHeader(name, value);
    }

    @Override
    public void addHeader(String name, String value) {
      values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    @Override
    public void removeHeader(String name) {
      values.remove(name);
    }

    Map<String, String> joined() {
      Map<String, String> joined = new TreeMap<>();
      values.forEach(
          (name, list) -> joined.put(name.toLowerCase(Locale.ROOT), String.join(",", list)));
      return joined;
    }
  }

  Map<String, String> joined() {
    return headers.joined();
  }

  @Override
  public String method() {
    return of.method();
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return of.host();
  }

  @Override
  public String path() {
    return of.path();
  }

  @Override
  public String header(String name) {
    return headers.joined().get(name.toLowerCase(Locale.ROOT));
  }

  @Override
  public void setHeader(String name, String value) {
    headers.setHeader(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    headers.addHeader(name, value);
  }

  @Override
  public void removeHeader(String name) {
    headers.removeHeader(name);
  }

  @Override
  public boolean replayable() {
    return true;
  }

  @Override
  public boolean rewritePath(String pathAndQuery) {
    return true;
  }

  @Override
  public boolean rewriteAuthority(String authority) {
    return true;
  }
}
