package dev.weft.policy.resource;

import dev.weft.policy.snapshot.RouteMatch;
import java.util.List;
import java.util.Map;

/** One match of a rule: what it asks of the caller, and what of the request. Immutable. */
final class HttpMatch {
  /** Name beside that of the rule, or empty. */
  final String name;

  /**
   * Whether it is for callers in the mesh at all, and not only for gateways, which Weft has none
   * of.
   */
  final boolean inMesh;

  /** Namespace that the caller must be of, or empty for any. */
  final String sourceNamespace;

  /** Labels that the caller must have. */
  final Map<String, String> sourceLabels;

  /** What the request must be. */
  final RouteMatch request;

  HttpMatch(
      String name,
      boolean inMesh,
      String sourceNamespace,
      Map<String, String> sourceLabels,
      RouteMatch request) {
    this.name = name;
    this.inMesh = inMesh;
    this.sourceNamespace = sourceNamespace;
    this.sourceLabels = sourceLabels;
    this.request = request;
  }

  static HttpMatch of(SpecFields match) {
    List<String> gateways = match.texts("gateways");
    return new HttpMatch(
        match.text("name", ""),
        gateways.isEmpty() || gateways.contains(HttpMatches.MESH),
        match.text("sourceNamespace", ""),
        match.textMap("sourceLabels"),
        HttpMatches.match(match));
  }

  boolean takesCallsOf(String namespace, Map<String, String> labels) {
    return inMesh
        && (sourceNamespace.isEmpty() || sourceNamespace.equals(namespace))
        && labels.entrySet().containsAll(sourceLabels.entrySet());
  }
}
