package dev.weft.instrumentation.javahttpclient;

import dev.weft.policy.snapshot.HeaderEdits;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The head of a response, and the exchange its body will come from. Immutable. */
final class HopResponse {
  private final Object exchange;
  private final int status;
  private final HttpHeaders headers;
  private final HttpClient.Version version;
  private final boolean local;

  private HopResponse(
      Object exchange, int status, HttpHeaders headers, HttpClient.Version version, boolean local) {
    this.exchange = exchange;
    this.status = status;
    this.headers = headers;
    this.version = version;
    this.local = local;
  }

  static HopResponse received(Object response, Object exchange, Internals internals) {
    return new HopResponse(
        exchange,
        internals.status(response),
        internals.headers(response),
        internals.version(response),
        false);
  }

  static HopResponse local(
      Object exchange, int status, HttpHeaders headers, HttpClient.Version version) {
    return new HopResponse(exchange, status, headers, version, true);
  }

  Object exchange() {
    return exchange;
  }

  int status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  HttpClient.Version version() {
    return version;
  }

  boolean isLocal() {
    return local;
  }

  /**
   * The client's own response object: to the request as the application made it, and without the
   * TLS session, for the application asked for http.
   */
  Object asClientSees(Internals internals, Object request) {
    return internals.newResponse(request, exchange, headers, status, version);
  }

  HopResponse edited(HeaderEdits edits) {
    TreeMap<String, List<String>> map = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.map().forEach((name, values) -> map.put(name, new ArrayList<>(values)));
    edits.response.remove.forEach(map::remove);
    for (Map.Entry<String, String> e : edits.response.set.entrySet()) {
      map.put(e.getKey(), List.of(e.getValue()));
    }
    for (Map.Entry<String, String> e : edits.response.add.entrySet()) {
      List<String> values = new ArrayList<>(map.getOrDefault(e.getKey(), List.of()));
      values.add(e.getValue());
      map.put(e.getKey(), values);
    }
    return new HopResponse(exchange, status, HttpHeaders.of(map, (n, v) -> true), version, local);
  }
}
