package dev.weft.analysis;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** IST0133: what Istio's webhook accepts with a warning, in its words. */
final class WarningAnalyzer implements Analysis.Analyzer {
  private static final String NO_LABELS = "workload selector specified without labels";
  private static final String FOR_ALL =
      NO_LABELS + ", will be applied to all services in namespace";

  /** What of a source of an AuthorizationPolicy can be seen of a connection, without a request. */
  private static final List<String> OF_CONNECTIONS =
      List.of(
          "principals",
          "notPrincipals",
          "namespaces",
          "notNamespaces",
          "serviceAccounts",
          "notServiceAccounts",
          "ipBlocks",
          "notIpBlocks",
          "remoteIpBlocks",
          "notRemoteIpBlocks");

  /** Kinds that pick workloads by {@code selector.matchLabels}. */
  private static final List<String> SELECTING =
      List.of(
          Kinds.AUTHORIZATION_POLICY,
          Kinds.REQUEST_AUTHENTICATION,
          Kinds.PEER_AUTHENTICATION,
          Kinds.TELEMETRY);

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    all.ofKind(Kinds.VIRTUAL_SERVICE).forEach(each -> service(each, findings));
    all.ofKind(Kinds.DESTINATION_RULE).forEach(each -> rule(each, findings));
    all.ofKind(Kinds.SERVICE_ENTRY).forEach(each -> entry(each, findings));
    all.ofKind(Kinds.WORKLOAD_ENTRY).forEach(each -> endpoint(each, each.spec(), findings));
    all.ofKind(Kinds.SIDECAR).forEach(each -> sidecar(each, findings));
    all.ofKind(Kinds.AUTHORIZATION_POLICY).forEach(each -> authorization(each, findings));
    all.ofKind(Kinds.TELEMETRY).forEach(each -> telemetry(each, findings));
    for (String kind : SELECTING) {
      for (Document each : all.ofKind(kind)) {
        selector(each, "selector", "matchLabels", NO_LABELS, findings);
      }
    }
  }

  private static void warn(Document of, Node where, String message, List<Finding> findings) {
    findings.add(Finding.warning("IST0133", of, where, "Schema validation warning: " + message));
  }

  private static void selector(
      Document of, String field, String labels, String message, List<Finding> findings) {
    Node selector = of.spec().get(field);
    if (selector.exists() && selector.get(labels).fields().isEmpty()) {
      warn(of, selector, message, findings);
    }
  }

  private static void service(Document service, List<Finding> findings) {
    for (Node gateway : service.spec().get("gateways").list()) {
      String name = gateway.text();
      if (name.indexOf('/') < 0 && name.indexOf('.') >= 0) {
        String[] parts = name.split("\\.", 3);
        String message =
            "using legacy gatewayName format \"%s\"; prefer the <namespace>/<name> format: \"%s/%s\"";
        warn(service, gateway, message.formatted(name, parts[1], parts[0]), findings);
      }
    }
    for (Node rule : service.spec().get("http").list()) {
      Node share = rule.get("mirrorPercent");
      if (share.exists()) {
        String message =
            "using deprecated setting \"mirrorPercent\", use \"mirrorPercentage\" instead";
        warn(service, share, message, findings);
      }
      Node abort = rule.at("fault", "abort");
      if (abort.exists()
          && !abort.get("httpStatus").exists()
          && !abort.get("grpcStatus").exists()
          && !abort.get("http2Error").exists()) {
        warn(service, abort, "abort configured, but error type not set", findings);
      }
      Node body = rule.at("directResponse", "body", "string");
      if (body.text().length() > 100 * 1024) {
        String message = "large direct_responses may impact control plane performance";
        warn(service, body, message, findings);
      }
    }
  }

  /** As in Istio of the rule's own policy, not of those of its subsets and ports. */
  private static void rule(Document rule, List<Finding> findings) {
    Node policy = rule.spec().get("trafficPolicy");
    Node errors = policy.at("outlierDetection", "consecutiveErrors");
    if (errors.exists() && !errors.text().equals("0")) {
      String message =
          "outlier detection consecutive errors is deprecated, use consecutiveGatewayErrors or"
              + " consecutive5xxErrors instead";
      warn(rule, errors, message, findings);
    }
    Node ring = policy.at("loadBalancer", "consistentHash", "minimumRingSize");
    if (ring.exists() && !ring.text().equals("0")) {
      String message =
          "consistent hash MinimumRingSize is deprecated, use ConsistentHashLB's RingHash"
              + " configuration instead";
      warn(rule, ring, message, findings);
    }
    Node localities = policy.at("loadBalancer", "localityLbSetting");
    boolean failover =
        !localities.get("failover").list().isEmpty()
            || !localities.get("failoverPriority").list().isEmpty();
    if (failover && !policy.get("outlierDetection").exists()) {
      warn(rule, localities, "outlier detection policy must be provided for failover", findings);
    }
    selector(rule, "workloadSelector", "matchLabels", NO_LABELS, findings);
  }

  private static void entry(Document entry, List<Finding> findings) {
    Node spec = entry.spec();
    selector(entry, "workloadSelector", "labels", "service entry: " + FOR_ALL, findings);
    for (Node host : spec.get("hosts").list()) {
      if (host.text().length() > 1 && host.text().matches("\\*[^.].*")) {
        warn(entry, host, "partial wildcard \"" + host.text() + "\" not allowed", findings);
      }
    }
    String resolution = spec.get("resolution").text();
    Node selector = spec.get("workloadSelector");
    if (selector.exists() && (resolution.isEmpty() || resolution.equals("NONE"))) {
      String message = "workloadSelector should not be set when resolution mode is NONE";
      warn(entry, selector, message, findings);
    }
    if (resolution.equals("STATIC")) {
      spec.get("endpoints").list().forEach(each -> endpoint(entry, each, findings));
    }
    if (resolution.startsWith("DNS")
        && spec.get("hosts").list().size() > 1
        && !spec.get("addresses").list().isEmpty()) {
      for (Node port : spec.get("ports").list()) {
        String protocol = port.get("protocol").text().toUpperCase(Locale.ROOT);
        if (Set.of("TCP", "HTTPS", "TLS", "MONGO", "REDIS", "MYSQL").contains(protocol)) {
          String message =
              "service entry can not have more than one host specified simultaneously with address"
                  + " and tcp port";
          warn(entry, port, message, findings);
          return;
        }
      }
    }
  }

  private static void endpoint(Document of, Node endpoint, List<Finding> findings) {
    Node network = endpoint.get("network");
    if (endpoint.get("address").text().isEmpty() && !network.text().isEmpty()) {
      warn(of, network, "address is unset with network \"" + network.text() + "\"", findings);
    }
  }

  private static void sidecar(Document sidecar, List<Finding> findings) {
    selector(sidecar, "workloadSelector", "labels", "sidecar: " + FOR_ALL, findings);
    for (Node egress : sidecar.spec().get("egress").list()) {
      Set<String> seen = new HashSet<>();
      Set<String> namespaces = new HashSet<>();
      for (Node host : egress.get("hosts").list()) {
        int slash = host.text().indexOf('/');
        if (slash < 0) {
          continue;
        }
        String written = host.text().substring(0, slash);
        String namespace = written.equals(".") ? sidecar.namespace() : written;
        String name = host.text().substring(slash + 1);
        boolean again =
            name.equals("*")
                ? namespaces.contains(namespace)
                : seen.contains(namespace + "/" + name) || seen.contains(namespace + "/*");
        if (again) {
          warn(sidecar, host, "duplicated egress host: " + host.text(), findings);
        }
        seen.add(namespace + "/" + name);
        namespaces.add(namespace);
      }
      if (seen.contains("*/*") && namespaces.size() > 1) {
        String message = "`*/*` host select all resources, no other hosts can be added";
        warn(sidecar, egress.get("hosts"), message, findings);
      }
    }
  }

  private static void authorization(Document policy, List<Finding> findings) {
    if (!policy.spec().get("action").text().equals("DENY")) {
      return;
    }
    for (Node rule : policy.spec().get("rules").list()) {
      List<Node> from = rule.get("from").list();
      List<Node> to = rule.get("to").list();
      boolean connections =
          from.stream()
              .anyMatch(
                  each -> OF_CONNECTIONS.stream().anyMatch(each.get("source").fields()::contains));
      boolean ports =
          to.stream()
              .map(each -> each.get("operation").fields())
              .anyMatch(fields -> fields.contains("ports") || fields.contains("notPorts"));
      if ((!from.isEmpty() && to.isEmpty() && !connections) || (!to.isEmpty() && !ports)) {
        String message =
            "configured AuthorizationPolicy will deny all traffic to TCP ports under its scope due"
                + " to the use of only HTTP attributes in a DENY rule; it is recommended to"
                + " explicitly specify the port";
        warn(policy, rule, message, findings);
      }
    }
  }

  private static void telemetry(Document telemetry, List<Finding> findings) {
    List<Node> tracing = telemetry.spec().get("tracing").list();
    if (tracing.size() > 1) {
      warn(telemetry, tracing.get(1), "multiple tracing is not currently supported", findings);
    }
    for (Node each : tracing) {
      List<Node> providers = each.get("providers").list();
      if (providers.size() > 1) {
        String message = "multiple providers is not currently supported";
        warn(telemetry, providers.get(1), message, findings);
      }
    }
  }
}
