package dev.weft.dataplane.snapshot;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What balancing has to know of the process that calls. Immutable. */
public final class OwnInstance {
  /** A process that knows nothing of itself: it has no locality to prefer. */
  public static final OwnInstance UNKNOWN = of("", "", Collections.<String, String>emptyMap());

  private final String id;
  private final String locality;
  private final Map<String, String> labels;

  private OwnInstance(String id, String locality, Map<String, String> labels) {
    this.id = id;
    this.locality = locality;
    this.labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
  }

  /**
   * An instance.
   *
   * @param id tells it from every other; empty when unknown
   * @param locality {@code region/zone/sub-zone}, or empty when unknown
   */
  public static OwnInstance of(String id, String locality, Map<String, String> labels) {
    return new OwnInstance(id, locality, labels);
  }

  /** The same; in that locality if it knows of none itself. */
  OwnInstance at(String given) {
    return locality.isEmpty() && !given.isEmpty() ? of(id, given, labels) : this;
  }

  String id() {
    return id;
  }

  String locality() {
    return locality;
  }

  Map<String, String> labels() {
    return labels;
  }
}
