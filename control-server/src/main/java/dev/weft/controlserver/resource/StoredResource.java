package dev.weft.controlserver.resource;

import dev.weft.analysis.Finding;
import dev.weft.policy.resource.Resource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A policy resource in force. Immutable.
 *
 * @param version the mesh's version that brought it to what it is
 * @param set the named set that it was applied with, which alone may prune it; null for none
 */
public record StoredResource(
    Resource resource, Instant created, long version, @Nullable String set) {
  /** Istio's order where resources compete: the oldest first, then by namespace and name. */
  public static final Comparator<StoredResource> OLDEST_FIRST =
      Comparator.comparing(StoredResource::created)
          .thenComparing(stored -> stored.resource().namespace())
          .thenComparing(stored -> stored.resource().name());

  /**
   * The resource with what the server knows of it, as operators see it.
   *
   * @param findings about it
   * @param parents what is said of its parents, when it is a route of the Gateway API
   */
  public Map<String, Object> toMap(List<Finding> findings, List<Object> parents) {
    Map<String, Object> map = resource.toMap(created.toString(), Long.toString(version));
    Map<String, Object> status = PolicyStatus.of(resource, findings, parents);
    if (!status.isEmpty()) {
      map.put("status", status);
    }
    return map;
  }

  /** Whether only the version that brought it tells it from {@code other}. */
  boolean sameAs(StoredResource other) {
    return resource.sameContent(other.resource)
        && created.equals(other.created)
        && Objects.equals(set, other.set);
  }
}
