package dev.weft.controlserver.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.analysis.MeshAnalysis;
import dev.weft.controlserver.compile.RouteStatus;
import dev.weft.controlserver.resource.PolicyStore;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reading policy. */
final class PolicyApi {
  private final PolicyStore policy;
  private final MeshAnalysis analysis;
  private final RouteStatus routes;

  PolicyApi(PolicyStore policy, MeshAnalysis analysis, RouteStatus routes) {
    this.policy = policy;
    this.analysis = analysis;
    this.routes = routes;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/v1/resources/{kind}", Role.OPERATOR, this::list),
        new Endpoint(
            HttpMethod.GET, "/v1/resources/{kind}/{namespace}/{name}", Role.OPERATOR, this::get));
  }

  private HttpResponse list(Call call) throws ApiError {
    ResourceKind kind = kind(call.path("kind"));
    String namespace = call.query("namespace", "*");
    List<Map<String, Object>> items = new ArrayList<>();
    MeshAnalysis.Findings findings = analysis.inForce();
    for (StoredResource stored : policy.all()) {
      Resource resource = stored.resource();
      if (resource.kind() == kind
          && (namespace.equals("*") || namespace.equals(resource.namespace()))) {
        items.add(tree(stored, findings));
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
    ResourceKind kind = kind(call.path("kind"));
    @Nullable StoredResource stored = policy.find(kind, call.path("namespace"), call.path("name"));
    if (stored == null) {
      throw missing(kind, call);
    }
    return document(call, tree(stored, analysis.inForce()));
  }

  private Map<String, Object> tree(StoredResource stored, MeshAnalysis.Findings findings) {
    return stored.toMap(findings.about(stored.resource()), routes.parents(stored));
  }

  static ResourceKind kind(String name) throws ApiError {
    ResourceKind kind = ResourceKind.named(name);
    if (kind == null) {
      throw ApiError.notFound(
          "there is no kind \"" + name + "\"; there are " + ResourceKind.knownNames());
    }
    return kind;
  }

  static ApiError missing(ResourceKind kind, Call call) throws ApiError {
    return ApiError.notFound(
        kind.qualifiedSingular()
            + " \""
            + call.path("name")
            + "\" not found in namespace "
            + call.path("namespace"));
  }

  private static HttpResponse document(Call call, Map<String, Object> tree) {
    return call.accepts("yaml")
        ? HttpResponse.of(
            HttpStatus.OK,
            MediaType.parse("application/yaml; charset=utf-8"),
            Resource.toYaml(tree))
        : Call.json(Json.tree(tree));
  }
}
