package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.Metrics;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.identity.Denied;
import dev.weft.controlserver.identity.Workloads;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.store.RunHistory;
import dev.weft.policy.InstanceReport;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What agents call once they have a certificate, except for renewing it: registration, watch,
 * acknowledgement.
 */
final class AgentApi {
  private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final int MAX_LABELS = 64;

  private final Mesh mesh;
  private final RunHistory history;
  private final Registry registry;
  private final Workloads workloads;
  private final WatchHub hub;
  private final OutdatedInstances outdated;
  private final Duration lease;
  private final Metrics metrics;
  private final AuditLog audit;

  AgentApi(
      Mesh mesh,
      RunHistory history,
      Registry registry,
      Workloads workloads,
      WatchHub hub,
      OutdatedInstances outdated,
      Duration lease,
      Metrics metrics,
      AuditLog audit) {
    this.mesh = mesh;
    this.history = history;
    this.registry = registry;
    this.workloads = workloads;
    this.hub = hub;
    this.outdated = outdated;
    this.lease = lease;
    this.metrics = metrics;
    this.audit = audit;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethod.PUT, "/v1/agent/instances/{instanceId}", Role.AGENT, this::register),
        new Endpoint(
            HttpMethod.DELETE, "/v1/agent/instances/{instanceId}", Role.AGENT, this::deregister),
        new Endpoint(HttpMethod.GET, "/v1/agent/watch", Role.AGENT, this::watch),
        new Endpoint(HttpMethod.POST, "/v1/agent/ack", Role.AGENT, this::acknowledge));
  }

  private HttpResponse register(Call call) throws ApiError, Denied {
    String id = instanceId(call.path("instanceId"));
    WorkloadIdentity caller = call.caller().workload();
    InstanceReport report;
    try {
      report = InstanceReport.fromJson(call.bytes());
    } catch (IllegalArgumentException malformed) {
      throw ApiError.badRequest(String.valueOf(malformed.getMessage()));
    }
    requireOwn(caller, report);
    mesh.change(upcoming -> registry.report(id, caller, report));
    ObjectNode answer = Json.object();
    // Seconds are the unit of the contract; a lease under one second exists in tests only.
    answer.put("leaseSeconds", Math.max(1, lease.toSeconds()));
    boolean old = call.caller().outdated();
    outdated.saw(id, old);
    if (old) {
      answer.put("renew", true);
    }
    return Call.json(answer);
  }

  private void requireOwn(WorkloadIdentity caller, InstanceReport report) throws ApiError {
    if (!report.namespace.equals(caller.namespace())
        || !report.serviceAccount.equals(caller.serviceAccount())) {
      throw ApiError.of(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "an instance of "
              + report.namespace
              + "/"
              + report.serviceAccount
              + " cannot be registered by "
              + caller.uri());
    }
    if (!workloads.standsFor(caller, report.service)) {
      throw ApiError.of(
          HttpStatus.FORBIDDEN,
          "forbidden",
          caller.uri()
              + " did not join as service "
              + report.service
              + ": join with a token made for that service");
    }
    if (report.labels.size() > MAX_LABELS) {
      throw ApiError.badRequest("an instance may have at most " + MAX_LABELS + " labels");
    }
    if (report.port != 0 && report.address.isEmpty()) {
      throw ApiError.badRequest("an instance with a port needs an address");
    }
  }

  private HttpResponse deregister(Call call) throws ApiError, Denied {
    String id = instanceId(call.path("instanceId"));
    mesh.change(upcoming -> registry.remove(id, call.caller().workload()));
    return Call.json(Json.object());
  }

  private HttpResponse watch(Call call) throws ApiError {
    String id = instanceId(call.query("instance", ""));
    WorkloadIdentity caller = call.caller().workload();
    requireOwner(id, caller);
    long version;
    try {
      version = Long.parseLong(call.query("version", "0"));
    } catch (NumberFormatException malformed) {
      throw ApiError.badRequest("the query parameter version must be a whole number");
    }
    String epoch = call.query("epoch", "");
    // Before its first snapshot: this agent must not forget what this server has forgotten.
    if (history.isLost(epoch) && mesh.change(upcoming -> history.witness(epoch))) {
      RestoreApi.say(audit, caller.uri(), call.remote(), String.valueOf(history.restored()));
    }
    call.context().clearRequestTimeout();
    boolean deltas = call.query("deltas", "").equals("1");
    return hub.open(id, caller, call.caller().certificateEnd(), version, epoch, deltas);
  }

  private HttpResponse acknowledge(Call call) throws ApiError {
    String id = instanceId(call.text("instance"));
    requireOwner(id, call.caller().workload());
    if (!call.text("epoch", "").equals(mesh.view().epoch())) {
      throw ApiError.of(
          HttpStatus.CONFLICT, "other-epoch", "that snapshot is of another control server's state");
    }
    String error = call.text("error", "");
    @Nullable String nack =
        error.isEmpty() ? null : error.substring(0, Math.min(error.length(), 2_000));
    if (nack != null) {
      metrics.nacked();
    }
    hub.acknowledge(id, call.number("version", 0, 0, Long.MAX_VALUE), nack);
    return Call.json(Json.object());
  }

  private void requireOwner(String id, WorkloadIdentity caller) throws ApiError {
    var known = registry.find(id);
    if (known != null && !known.identity().equals(caller)) {
      throw ApiError.of(
          HttpStatus.FORBIDDEN,
          "forbidden",
          "the instance id " + id + " belongs to another identity");
    }
  }

  private static String instanceId(String id) throws ApiError {
    if (!INSTANCE_ID.matcher(id).matches()) {
      throw ApiError.badRequest(
          "an instance id has 1 to 128 letters, digits, '.', '_' and '-', beginning with a letter or digit");
    }
    return id;
  }
}
