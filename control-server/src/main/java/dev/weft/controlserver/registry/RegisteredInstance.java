package dev.weft.controlserver.registry;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.snapshot.Endpoint;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One instance as last reported. Immutable.
 *
 * @param lastSeen when it last reported
 * @param live whether its lease runs
 * @param confirmed false for an instance remembered from before a restart that has not reported
 *     since
 */
public record RegisteredInstance(
    String id,
    WorkloadIdentity identity,
    InstanceReport report,
    Instant lastSeen,
    boolean live,
    boolean confirmed) {

  /**
   * The labels that subsets and selectors see: the reported ones, and {@code app} with the
   * service's name when it is not among them, since nearly every policy written for Istio selects
   * by it.
   */
  public Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>(report.labels);
    labels.putIfAbsent("app", report.service);
    return labels;
  }

  /** Where callers reach it, or null for a pure client. */
  public @Nullable Endpoint endpoint() {
    if (report.port == 0 || report.address.isEmpty()) {
      return null;
    }
    return Endpoint.builder()
        .id(id)
        .address(report.address)
        .port(report.port)
        .labels(labels())
        .locality(report.locality)
        .mtls(report.mtls)
        .spiffeId(identity.uri())
        .build();
  }
}
