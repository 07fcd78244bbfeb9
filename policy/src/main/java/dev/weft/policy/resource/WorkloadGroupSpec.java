package dev.weft.policy.resource;

import dev.weft.policy.snapshot.ReadinessProbe;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a WorkloadGroup says of the instances that belong to it. Immutable. */
public final class WorkloadGroupSpec {
  /**
   * The label of an instance that names its group; without it the group of its service's name is
   * meant.
   */
  public static final String LABEL = "weft.dev/workload-group";

  /** The label that a network becomes, as in Istio, for subsets and {@code failoverPriority}. */
  static final String NETWORK_LABEL = "topology.istio.io/network";

  /** Name of the group. */
  public final String name;

  /** Labels that an instance has where it does not say otherwise itself. */
  public final Map<String, String> labels;

  /** Ports at which instances answer, by name. */
  public final Map<String, Integer> ports;

  /** {@code region/zone/sub-zone} of an instance that names none, or empty. */
  public final String locality;

  /** Share of traffic of each instance, at least 1. */
  public final int weight;

  /** The account that an instance must prove to belong to the group, or empty for any. */
  public final String serviceAccount;

  /** How an instance finds out whether it can be called, or null when it always can. */
  public final @Nullable ReadinessProbe probe;

  private WorkloadGroupSpec(SpecFields spec, String name) {
    this.name = name;
    SpecFields template = spec.object("template");
    // Istio's order: what the workload says itself, then metadata, then the template.
    Map<String, String> merged = new LinkedHashMap<>();
    String network = template.text("network", "");
    if (!network.isEmpty()) {
      merged.put(NETWORK_LABEL, network);
    }
    merged.putAll(template.textMap("labels"));
    merged.putAll(spec.object("metadata").textMap("labels"));
    this.labels = Collections.unmodifiableMap(merged);
    this.ports = Collections.unmodifiableMap(template.intMap("ports"));
    this.locality = template.text("locality", "");
    this.weight = Math.max(1, template.integer("weight", 1));
    this.serviceAccount = template.text("serviceAccount", "");
    this.probe = spec.optionalObject("probe", WorkloadGroupSpec::probe);
  }

  static WorkloadGroupSpec of(SpecFields spec, String name) {
    return new WorkloadGroupSpec(spec, name);
  }

  /** Returns the port of a server that the agent does not find itself; 0 when none is given. */
  public int port() {
    for (Map.Entry<String, Integer> port : ports.entrySet()) {
      if (port.getKey().startsWith("http")) {
        return port.getValue();
      }
    }
    return ports.isEmpty() ? 0 : ports.values().iterator().next();
  }

  /** Kubernetes' defaults, which Istio takes over: 0 says the same as nothing. */
  private static ReadinessProbe probe(SpecFields probe) {
    boolean http = probe.has("httpGet");
    SpecFields method = probe.object(http ? "httpGet" : "tcpSocket");
    Map<String, String> headers = new LinkedHashMap<>();
    for (SpecFields header : method.objects("httpHeaders", fields -> fields)) {
      headers.put(header.text("name", ""), header.text("value", ""));
    }
    String path = method.text("path", "");
    return ReadinessProbe.builder()
        .method(
            http
                ? ReadinessProbe.Method.valueOf(method.text("scheme", "HTTP"))
                : ReadinessProbe.Method.TCP)
        .host(method.text("host", ""))
        .port(method.integer("port", 0))
        .path(path.startsWith("/") ? path : "/" + path)
        .headers(headers)
        .initialDelaySeconds(probe.integer("initialDelaySeconds", 0))
        .timeoutSeconds(Math.max(1, probe.integer("timeoutSeconds", 1)))
        .periodSeconds(positive(probe, "periodSeconds", 10))
        .successThreshold(Math.max(1, probe.integer("successThreshold", 1)))
        .failureThreshold(positive(probe, "failureThreshold", 3))
        .build();
  }

  private static int positive(SpecFields probe, String field, int absent) {
    int written = probe.integer(field, 0);
    return written == 0 ? absent : written;
  }
}
