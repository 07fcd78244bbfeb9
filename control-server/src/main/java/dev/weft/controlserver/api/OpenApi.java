package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.Metrics;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.store.MeshStore;
import java.util.List;

/** What anybody may ask: is it well, and its metrics. Neither tells a secret. */
final class OpenApi {
  private final MeshStore store;
  private final Registry registry;
  private final Metrics metrics;

  OpenApi(MeshStore store, Registry registry, Metrics metrics) {
    this.store = store;
    this.registry = registry;
    this.metrics = metrics;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/healthz", Role.OPEN, this::health),
        new Endpoint(HttpMethod.GET, "/metrics", Role.OPEN, this::metrics));
  }

  private HttpResponse health(Call call) {
    boolean writable = store.failure() == null;
    ObjectNode answer = Json.object();
    answer.put("status", writable ? "ok" : "store-failed");
    return HttpResponse.of(
        writable ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
        MediaType.JSON,
        Json.bytes(answer));
  }

  private HttpResponse metrics(Call call) {
    return HttpResponse.of(
        HttpStatus.OK,
        MediaType.parse("text/plain; version=0.0.4; charset=utf-8"),
        metrics.scrape(registry));
  }
}
