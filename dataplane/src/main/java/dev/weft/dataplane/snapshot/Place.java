package dev.weft.dataplane.snapshot;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A locality, parted. Immutable. */
final class Place {
  final String region;
  final String zone;
  final String subZone;

  private Place(String region, String zone, String subZone) {
    this.region = region;
    this.zone = zone;
    this.subZone = subZone;
  }

  static Place of(String locality) {
    String[] parts = locality.split("/", 3);
    return new Place(parts[0], parts.length > 1 ? parts[1] : "", parts.length > 2 ? parts[2] : "");
  }

  /** Istio: a part that a rule leaves out, or has as {@code *}, holds for all. */
  boolean within(Place rule) {
    return (rule.region.equals("*") || rule.region.equals(region))
        && (rule.zone.isEmpty() || rule.zone.equals("*") || rule.zone.equals(zone))
        && (rule.subZone.isEmpty() || rule.subZone.equals("*") || rule.subZone.equals(subZone));
  }

  /** 0 for the same place, 1 for the same zone, 2 for the same region, 3 for another region. */
  int distance(Place other) {
    if (!region.equals(other.region)) {
      return 3;
    }
    if (!zone.equals(other.zone)) {
      return 2;
    }
    return subZone.equals(other.subZone) ? 0 : 1;
  }

  /** The value of a label; those that say where something runs are known from the place. */
  @Nullable String label(String key, Map<String, String> labels) {
    String value = labels.get(key);
    if (value != null) {
      return value;
    }
    switch (key) {
      case "topology.kubernetes.io/region":
        return region.isEmpty() ? null : region;
      case "topology.kubernetes.io/zone":
        return zone.isEmpty() ? null : zone;
      case "topology.istio.io/subzone":
        return subZone.isEmpty() ? null : subZone;
      default:
        return null;
    }
  }
}
