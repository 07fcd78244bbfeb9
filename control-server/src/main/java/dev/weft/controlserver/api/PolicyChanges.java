package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.compile.PolicyImpact;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.resource.PolicyChange;
import dev.weft.controlserver.resource.PolicyConflict;
import dev.weft.controlserver.resource.PolicyHistory;
import dev.weft.controlserver.resource.PolicyStore;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.Resource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Plans a change, makes it unless it is tried only, notes it in the audit log, and answers what
 * became of each resource: one way for all that changes policy.
 */
final class PolicyChanges {
  private final Mesh mesh;
  private final PolicyStore policy;
  private final AuditLog audit;

  PolicyChanges(Mesh mesh, PolicyStore policy, AuditLog audit) {
    this.mesh = mesh;
    this.policy = policy;
    this.audit = audit;
  }

  /** How far to go. */
  enum Mode {
    MAKE,
    DRY_RUN,
    /** As a dry run, and the answer has each resource before and after, and whom it is about. */
    DIFF;

    static Mode of(Call call) throws ApiError {
      if (call.flag("diff")) {
        return DIFF;
      }
      return call.flag("dryRun") ? DRY_RUN : MAKE;
    }
  }

  /** Says what to do to the policy in force. */
  @FunctionalInterface
  interface Plan {
    PolicyChange of(PolicyStore policy, long upcoming) throws Exception;
  }

  private record Planned(PolicyChange change, MeshView before) {}

  /**
   * Answers what became of each resource.
   *
   * @param origin by which command, for the audit log
   * @param what the same for the history, which may say more
   * @param resources what was given to be put in force, whose warnings are answered
   */
  HttpResponse make(
      Call call, String origin, String what, Mode mode, List<Resource> resources, Plan plan)
      throws Exception {
    Mesh.Result<Planned> result;
    try {
      result =
          mesh.<Planned, Exception>change(
              upcoming -> {
                PolicyChange change = plan.of(policy, upcoming);
                MeshView before = mesh.view();
                if (mode == Mode.MAKE) {
                  policy.commit(
                      change, new PolicyHistory.Origin(call.caller().name(), what), upcoming);
                }
                return new Planned(change, before);
              },
              planned -> mode == Mode.MAKE && !planned.change().isEmpty());
    } catch (PolicyConflict conflict) {
      audit.record(origin, call.caller().name(), call.remote(), "conflict");
      throw ApiError.conflict(conflict.reason());
    }
    PolicyChange change = result.value().change();
    if (mode == Mode.MAKE) {
      audit.changes(origin, call.caller().name(), call.remote(), change, result.version());
    }
    ObjectNode answer = answer(change, result.version(), mode == Mode.DIFF);
    ArrayNode warnings = answer.putArray("warnings");
    for (Resource resource : resources) {
      resource.warnings().forEach(warning -> warnings.add(Json.tree(warning.toMap())));
    }
    if (mode == Mode.DIFF) {
      MeshView before = result.value().before();
      affected(answer, before, before.withPolicy(change.resultOn(before.policy())));
    }
    return Call.json(answer);
  }

  private static ObjectNode answer(PolicyChange change, long version, boolean whole) {
    ObjectNode answer = Json.object();
    answer.put("version", version);
    ArrayNode rows = answer.putArray("results");
    for (PolicyChange.Row row : change.rows()) {
      ObjectNode result =
          rows.addObject()
              .put("kind", row.resource().kind().kind())
              .put("namespace", row.resource().namespace())
              .put("name", row.resource().name())
              .put("action", row.action().word());
      if (whole) {
        put(result, "before", row.before());
        put(result, "after", row.after());
      }
    }
    return answer;
  }

  private static void put(ObjectNode result, String field, @Nullable StoredResource stored) {
    if (stored != null) {
      result.set(field, Json.tree(stored.resource().toMap()));
    }
  }

  private static void affected(ObjectNode answer, MeshView before, MeshView after) {
    ArrayNode rows = answer.putArray("affected");
    for (PolicyImpact.Affected each : PolicyImpact.between(before, after)) {
      ObjectNode row =
          rows.addObject().put("namespace", each.namespace()).put("service", each.service());
      each.instances().forEach(row.putArray("instances")::add);
      each.changes().forEach(row.putArray("changes")::add);
    }
  }
}
