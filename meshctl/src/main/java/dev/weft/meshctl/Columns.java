package dev.weft.meshctl;

import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What a table shows of a kind: the printer columns of Istio's CRDs. */
record Columns(List<String> heads, Function<Json, List<String>> cells) {

  static Columns of(ResourceKind kind) {
    return switch (kind.kind()) {
      case "VirtualService" ->
          new Columns(
              List.of("HOSTS", "ROUTES"),
              spec -> List.of(list(spec, "hosts"), Integer.toString(routes(spec))));
      case "DestinationRule" ->
          new Columns(
              List.of("HOST", "SUBSETS"), spec -> List.of(spec.text("host"), subsets(spec)));
      case "ServiceEntry" ->
          new Columns(
              List.of("HOSTS", "LOCATION", "RESOLUTION"),
              spec -> List.of(list(spec, "hosts"), spec.text("location"), spec.text("resolution")));
      case "WorkloadEntry" ->
          new Columns(List.of("ADDRESS"), spec -> List.of(spec.text("address")));
      case "WorkloadGroup" ->
          new Columns(
              List.of("SERVICE-ACCOUNT", "PROBE"),
              spec -> List.of(spec.object("template").text("serviceAccount"), probe(spec)));
      case "PeerAuthentication" ->
          new Columns(List.of("MODE"), spec -> List.of(spec.object("mtls").text("mode")));
      case "RequestAuthentication" ->
          new Columns(
              List.of("ISSUERS"),
              spec ->
                  List.of(
                      String.join(
                          ",",
                          spec.objects("jwtRules").stream()
                              .map(rule -> rule.text("issuer"))
                              .toList())));
      case "AuthorizationPolicy" ->
          new Columns(
              List.of("ACTION"),
              spec -> List.of(spec.has("action") ? spec.text("action") : "ALLOW"));
      case "DatabasePolicy" ->
          new Columns(
              List.of("MATCHES", "TLS"),
              spec -> List.of(matches(spec.object("match")), spec.object("tls").text("mode")));
      case "RateLimit" ->
          new Columns(
              List.of("LIMITS"),
              spec ->
                  List.of(
                      String.join(
                          ",", spec.objects("limits").stream().map(l -> l.text("name")).toList())));
      case "LoadShedding" ->
          new Columns(
              List.of("PRIORITIES"),
              spec ->
                  List.of(
                      String.join(
                          ",",
                          spec.objects("priorities").stream().map(p -> p.text("name")).toList())));
      default -> new Columns(List.of(), spec -> List.of());
    };
  }

  List<String> cells(Json spec) {
    return cells.apply(spec);
  }

  private static int routes(Json service) {
    return service.objects("http").size()
        + service.objects("tls").size()
        + service.objects("tcp").size();
  }

  private static String probe(Json group) {
    Json probe = group.object("probe");
    return probe.has("httpGet") ? "httpGet" : probe.has("tcpSocket") ? "tcpSocket" : "";
  }

  private static String matches(Json match) {
    List<String> patterns = new ArrayList<>(match.texts("urls"));
    patterns.addAll(match.texts("hosts"));
    patterns.addAll(match.texts("services"));
    return "[" + String.join(",", patterns) + "]";
  }

  private static String list(Json spec, String field) {
    List<String> texts = spec.texts(field);
    return texts.isEmpty() ? "" : "[" + String.join(",", texts) + "]";
  }

  private static String subsets(Json spec) {
    return String.join(
        ",", spec.objects("subsets").stream().map(subset -> subset.text("name")).toList());
  }
}
