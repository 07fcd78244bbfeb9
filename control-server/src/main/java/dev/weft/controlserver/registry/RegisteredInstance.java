package dev.weft.controlserver.registry;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.resource.WorkloadGroupSpec;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.ReadinessProbe;
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
 * @param group the WorkloadGroup that it belongs to, which fills in what it does not say itself;
 *     null for none, and in the registry, which knows no policy
 */
public record RegisteredInstance(
    String id,
    WorkloadIdentity identity,
    InstanceReport report,
    Instant lastSeen,
    boolean live,
    boolean confirmed,
    @Nullable WorkloadGroupSpec group) {

  /** One that belongs to no group. */
  public RegisteredInstance(
      String id,
      WorkloadIdentity identity,
      InstanceReport report,
      Instant lastSeen,
      boolean live,
      boolean confirmed) {
    this(id, identity, report, lastSeen, live, confirmed, null);
  }

  /** The same as a member of a group, or of none. */
  public RegisteredInstance in(@Nullable WorkloadGroupSpec other) {
    return new RegisteredInstance(id, identity, report, lastSeen, live, confirmed, other);
  }

  /**
   * The labels that subsets and selectors see: the reported ones before its group's, and {@code
   * app} with the service's name when it is not among them, since nearly every policy written for
   * Istio selects by it.
   */
  public Map<String, String> labels() {
    Map<String, String> labels = new TreeMap<>(group == null ? Map.of() : group.labels);
    labels.putAll(report.labels);
    labels.putIfAbsent("app", report.service);
    return labels;
  }

  /** Where callers reach it, or null for a pure client. */
  public @Nullable Endpoint endpoint() {
    int port = report.port > 0 || group == null ? report.port : group.port();
    if (port == 0 || report.address.isEmpty()) {
      return null;
    }
    return Endpoint.builder()
        .id(id)
        .address(report.address)
        .port(port)
        .labels(labels())
        .locality(report.locality.isEmpty() ? localityGiven() : report.locality)
        .weight(group == null ? 1 : group.weight)
        // What it says of its own port says nothing of one that its group names.
        .mtls(report.mtls && port == report.port)
        .spiffeId(identity.uri())
        .build();
  }

  /** The locality that its group gives it; empty for one that names its own. */
  public String localityGiven() {
    return group == null || !report.locality.isEmpty() ? "" : group.locality;
  }

  /** How it finds out whether it can be called; null when it always can. */
  public @Nullable ReadinessProbe probe() {
    return group == null ? null : group.probe;
  }

  /**
   * Whether the probe of its group, if there is one, lets it be called. One that has just come has
   * not asked yet and has to wait; one that was there before its probe goes on until that fails.
   */
  public boolean passesProbe() {
    Boolean ready = report.ready;
    return probe() == null
        || (ready == null ? report.snapshotVersion > 0 || !confirmed : (boolean) ready);
  }
}
