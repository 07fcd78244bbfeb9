package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.resource.PolicyHistory;
import dev.weft.policy.resource.ResourceKind;
import java.util.List;

/** Which versions the policy had, and the way back to one. */
final class HistoryApi {
  private final PolicyHistory history;
  private final PolicyChanges changes;

  HistoryApi(PolicyHistory history, PolicyChanges changes) {
    this.history = history;
    this.changes = changes;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/v1/policy/history", Role.OPERATOR, this::list),
        new Endpoint(HttpMethod.POST, "/v1/policy/rollback", Role.OPERATOR, this::rollback));
  }

  private HttpResponse list(Call call) throws ApiError {
    String kindName = call.query("kind", "");
    String wanted = "";
    if (!kindName.isEmpty()) {
      ResourceKind kind = PolicyApi.kind(kindName);
      wanted =
          kind.plural() + "/" + call.query("namespace", "default") + "/" + call.query("name", "");
    }
    ObjectNode answer = Json.object();
    answer.put("reachesBackTo", history.floor());
    ArrayNode items = answer.putArray("items");
    for (PolicyHistory.Entry entry : history.entries()) {
      ObjectNode item = item(entry, wanted);
      if (!item.path("changes").isEmpty()) {
        items.add(item);
      }
    }
    return Call.json(answer);
  }

  private static ObjectNode item(PolicyHistory.Entry entry, String wanted) {
    ObjectNode item = Json.object();
    item.put("version", entry.version());
    item.put("time", entry.time().toString());
    item.put("actor", entry.actor());
    item.put("what", entry.what());
    ArrayNode rows = item.putArray("changes");
    for (PolicyHistory.Change change : entry.changes()) {
      if (wanted.isEmpty() || change.key().equals(wanted)) {
        rows.addObject().put("resource", change.key()).put("action", change.action());
      }
    }
    return item;
  }

  private HttpResponse rollback(Call call) throws Exception {
    long to = call.number("version", -1, 0, Long.MAX_VALUE);
    if (to < 0) {
      throw ApiError.badRequest("the request body lacks the number \"version\"");
    }
    return changes.make(
        call,
        "rollback",
        "rollback to " + to,
        PolicyChanges.Mode.of(call),
        List.of(),
        (policy, upcoming) -> policy.planRollback(to, upcoming));
  }
}
