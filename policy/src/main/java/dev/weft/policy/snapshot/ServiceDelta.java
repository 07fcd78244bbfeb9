package dev.weft.policy.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What has changed of one service: of its endpoints those that changed, and all the rest as a
 * whole. Immutable.
 */
final class ServiceDelta {
  /** Canonical host of the service. */
  final String host;

  /** The service as it is now, without endpoints; null when nothing but these has changed. */
  final @Nullable Service rest;

  /** Endpoints that are new or changed. */
  final List<Endpoint> endpoints;

  /** Ids of endpoints that are no more. */
  final List<String> gone;

  ServiceDelta(String host, @Nullable Service rest, List<Endpoint> endpoints, List<String> gone) {
    this.host = host;
    this.rest = rest;
    this.endpoints = Copies.of(endpoints);
    this.gone = Copies.of(gone);
  }

  static ServiceDelta between(Service before, Service after) {
    Map<String, Endpoint> old = byId(before.endpoints);
    List<Endpoint> changed = new ArrayList<>();
    Set<String> kept = new HashSet<>();
    for (Endpoint endpoint : after.endpoints) {
      kept.add(endpoint.id);
      if (!endpoint.equals(old.get(endpoint.id))) {
        changed.add(endpoint);
      }
    }
    List<String> gone = new ArrayList<>();
    for (String id : old.keySet()) {
      if (!kept.contains(id)) {
        gone.add(id);
      }
    }
    Service rest = bare(after);
    return new ServiceDelta(after.host, rest.equals(bare(before)) ? null : rest, changed, gone);
  }

  /** Endpoints stay where they are; new ones come before the first with a greater id. */
  Service on(Service before) {
    Map<String, Endpoint> changed = byId(endpoints);
    Set<String> left = new HashSet<>(gone);
    List<Endpoint> result = new ArrayList<>();
    for (Endpoint endpoint : before.endpoints) {
      Endpoint now = changed.remove(endpoint.id);
      if (!left.contains(endpoint.id)) {
        result.add(now == null ? endpoint : now);
      }
    }
    for (Endpoint endpoint : changed.values()) {
      result.add(place(result, endpoint.id), endpoint);
    }
    return (rest == null ? before : rest).toBuilder().endpoints(result).build();
  }

  private static int place(List<Endpoint> list, String id) {
    int place = 0;
    while (place < list.size() && list.get(place).id.compareTo(id) < 0) {
      place++;
    }
    return place;
  }

  private static Map<String, Endpoint> byId(List<Endpoint> endpoints) {
    Map<String, Endpoint> map = new LinkedHashMap<>();
    for (Endpoint endpoint : endpoints) {
      map.put(endpoint.id, endpoint);
    }
    return map;
  }

  private static Service bare(Service service) {
    return service.toBuilder().endpoints(Collections.emptyList()).build();
  }

  static Map<String, Object> write(ServiceDelta from) {
    return new JsonWriter()
        .text("host", from.host)
        .optionalObject("rest", from.rest, SnapshotWriter::write)
        .list("endpoints", from.endpoints, SnapshotWriter::write)
        .list("gone", from.gone)
        .map();
  }

  static ServiceDelta read(JsonObject from) {
    return new ServiceDelta(
        from.text("host", ""),
        from.optionalObject("rest", SnapshotReader::service),
        from.objects("endpoints", SnapshotReader::endpoint),
        from.texts("gone"));
  }
}
