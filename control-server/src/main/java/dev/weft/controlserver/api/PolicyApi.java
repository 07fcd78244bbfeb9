package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.resource.PolicyStore;
import dev.weft.controlserver.resource.PolicyStore.Action;
import dev.weft.controlserver.resource.PolicyStore.Applied;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.ResourceReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Applying, reading and deleting policy. */
final class PolicyApi {
  private static final int MAX_FILE_NAME = 200;

  private final Mesh mesh;
  private final PolicyStore policy;
  private final AuditLog audit;

  PolicyApi(Mesh mesh, PolicyStore policy, AuditLog audit) {
    this.mesh = mesh;
    this.policy = policy;
    this.audit = audit;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, "/v1/apply", Role.OPERATOR, this::apply),
        new Endpoint(HttpMethod.GET, "/v1/resources/{kind}", Role.OPERATOR, this::list),
        new Endpoint(
            HttpMethod.GET, "/v1/resources/{kind}/{namespace}/{name}", Role.OPERATOR, this::get),
        new Endpoint(
            HttpMethod.DELETE,
            "/v1/resources/{kind}/{namespace}/{name}",
            Role.OPERATOR,
            this::delete));
  }

  private HttpResponse apply(Call call) throws ApiError {
    boolean dryRun = flag(call, "dryRun");
    String file = call.query("file", "request body");
    String name = file.length() > MAX_FILE_NAME ? file.substring(0, MAX_FILE_NAME) : file;
    ReadResult read = ResourceReader.read(name, call.bytes(), call.query("namespace", "default"));
    if (!read.accepted()) {
      ArrayNode details = Json.array();
      for (Problem problem : read.problems()) {
        details.add(Json.tree(problem.toMap()));
      }
      audit.record("apply", call.caller().name(), call.remote(), "invalid", "file", name);
      throw ApiError.unprocessable("nothing was applied: " + read.problems().get(0), details);
    }
    Mesh.Result<List<Applied>> result =
        mesh.change(
            upcoming -> policy.apply(read.resources(), upcoming, dryRun),
            applied ->
                !dryRun && applied.stream().anyMatch(row -> row.action() != Action.UNCHANGED));
    if (!dryRun) {
      for (Applied row : result.value()) {
        audit.record(
            "apply",
            call.caller().name(),
            call.remote(),
            word(row.action()),
            "resource",
            reference(row.resource()),
            "version",
            Long.toString(result.version()));
      }
    }
    return Call.json(answer(result));
  }

  private static ObjectNode answer(Mesh.Result<List<Applied>> result) {
    ObjectNode answer = Json.object();
    answer.put("version", result.version());
    ArrayNode rows = answer.putArray("results");
    for (Applied row : result.value()) {
      rows.addObject()
          .put("kind", row.resource().kind().kind())
          .put("namespace", row.resource().namespace())
          .put("name", row.resource().name())
          .put("action", word(row.action()));
    }
    return answer;
  }

  private HttpResponse list(Call call) throws ApiError {
    ResourceKind kind = kind(call);
    String namespace = call.query("namespace", "*");
    List<Map<String, Object>> items = new ArrayList<>();
    for (StoredResource stored : policy.all()) {
      Resource resource = stored.resource();
      if (resource.kind() == kind
          && (namespace.equals("*") || namespace.equals(resource.namespace()))) {
        items.add(stored.toMap());
      }
    }
    Map<String, Object> list = new LinkedHashMap<>();
    if (call.accepts("yaml")) {
      // The form that apply takes back.
      list.put("apiVersion", "v1");
      list.put("kind", "List");
    }
    list.put("items", items);
    return document(call, list);
  }

  private HttpResponse get(Call call) throws ApiError {
    ResourceKind kind = kind(call);
    @Nullable StoredResource stored = policy.find(kind, call.path("namespace"), call.path("name"));
    if (stored == null) {
      throw missing(kind, call);
    }
    return document(call, stored.toMap());
  }

  private HttpResponse delete(Call call) throws ApiError {
    ResourceKind kind = kind(call);
    String namespace = call.path("namespace");
    String name = call.path("name");
    Mesh.Result<Boolean> result =
        mesh.change(upcoming -> policy.delete(kind, namespace, name), deleted -> deleted);
    if (!result.value()) {
      throw missing(kind, call);
    }
    audit.record(
        "delete",
        call.caller().name(),
        call.remote(),
        "deleted",
        "resource",
        kind.plural() + "/" + namespace + "/" + name,
        "version",
        Long.toString(result.version()));
    return Call.json(Json.object().put("version", result.version()));
  }

  private static ResourceKind kind(Call call) throws ApiError {
    String name = call.path("kind");
    ResourceKind kind = ResourceKind.named(name);
    if (kind == null) {
      throw ApiError.notFound(
          "there is no kind \"" + name + "\"; there are " + ResourceKind.knownNames());
    }
    return kind;
  }

  private static ApiError missing(ResourceKind kind, Call call) throws ApiError {
    return ApiError.notFound(
        kind.qualifiedSingular()
            + " \""
            + call.path("name")
            + "\" not found in namespace "
            + call.path("namespace"));
  }

  private static boolean flag(Call call, String name) throws ApiError {
    return switch (call.query(name, "false")) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw ApiError.badRequest("the query parameter " + name + " must be true or false");
    };
  }

  private static HttpResponse document(Call call, Map<String, Object> tree) {
    return call.accepts("yaml")
        ? HttpResponse.of(
            HttpStatus.OK,
            MediaType.parse("application/yaml; charset=utf-8"),
            Resource.toYaml(tree))
        : Call.json(Json.tree(tree));
  }

  private static String reference(Resource resource) {
    return resource.kind().plural() + "/" + resource.namespace() + "/" + resource.name();
  }

  private static String word(Action action) {
    return action.name().toLowerCase(Locale.ROOT);
  }
}
