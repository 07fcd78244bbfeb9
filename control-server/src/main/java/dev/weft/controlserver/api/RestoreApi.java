package dev.weft.controlserver.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.store.RunHistory;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an operator says after a start from a backup. */
final class RestoreApi {
  private static final Logger log = LoggerFactory.getLogger(RestoreApi.class);

  private final Mesh mesh;
  private final RunHistory history;
  private final AuditLog audit;

  RestoreApi(Mesh mesh, RunHistory history, AuditLog audit) {
    this.mesh = mesh;
    this.history = history;
    this.audit = audit;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, "/v1/restored/confirm", Role.OPERATOR, this::confirm));
  }

  /** Tells the operator; {@code actor} is who gave it away. */
  static void say(AuditLog audit, String actor, String remote, String note) {
    audit.record("restored", actor, remote, "tokens-dropped", "since", note);
    log.warn(
        "the data directory is older than what agents were told ({}): join tokens are void;"
            + " withdraw again what was withdrawn since, then `meshctl restored --confirm`",
        note);
  }

  private HttpResponse confirm(Call call) throws ApiError {
    Mesh.Result<Boolean> result = mesh.change(upcoming -> history.confirm(), changed -> changed);
    if (!result.value()) {
      throw ApiError.notFound("the control server does not run from a backup");
    }
    audit.record("restored-confirm", call.caller().name(), call.remote(), "ok");
    return Call.json(Json.object().put("version", result.version()));
  }
}
