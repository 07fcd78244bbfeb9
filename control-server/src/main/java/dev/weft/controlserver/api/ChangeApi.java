package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.resource.PolicyChange;
import dev.weft.controlserver.resource.PolicyTexts;
import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What changes policy: applying, pruning, deleting. */
final class ChangeApi {
  private static final int MAX_FILE_NAME = 200;

  private static final Pattern SET = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Mesh mesh;
  private final PolicyChanges changes;
  private final AuditLog audit;

  ChangeApi(Mesh mesh, PolicyChanges changes, AuditLog audit) {
    this.mesh = mesh;
    this.changes = changes;
    this.audit = audit;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, "/v1/apply", Role.OPERATOR, this::applyText),
        new Endpoint(HttpMethod.POST, "/v1/policy/changes", Role.OPERATOR, this::applyAll),
        new Endpoint(
            HttpMethod.DELETE,
            "/v1/resources/{kind}/{namespace}/{name}",
            Role.OPERATOR,
            this::delete));
  }

  /** One text as the body, for curl and its like. */
  private HttpResponse applyText(Call call) throws Exception {
    PolicyTexts.Text text =
        new PolicyTexts.Text(named(call.query("file", "request body")), call.bytes());
    List<Resource> resources = read(call, List.of(text), call.query("namespace", "default"));
    return changes.make(
        call,
        "apply",
        "apply",
        mode(call),
        resources,
        (policy, version) -> policy.planApply(resources, null, false, version));
  }

  /** Any number of texts, put in force as one. */
  private HttpResponse applyAll(Call call) throws Exception {
    @Nullable String set = set(call);
    boolean prune = call.flag("prune");
    if (prune && set == null) {
      throw ApiError.badRequest(
          "\"prune\" needs a \"set\": only what was applied with a set can be told from what"
              + " others applied");
    }
    List<Resource> resources = read(call, files(call), call.text("namespace", "default"));
    return changes.make(
        call,
        "apply",
        set == null ? "apply" : "apply --set " + set,
        PolicyChanges.Mode.of(call),
        resources,
        (policy, version) -> policy.planApply(resources, set, prune, version));
  }

  private static @Nullable String set(Call call) throws ApiError {
    String set = call.text("set", "");
    if (set.isEmpty()) {
      return null;
    }
    if (!SET.matcher(set).matches()) {
      throw ApiError.badRequest(
          "\"set\" must be a name of at most 63 lower-case letters, digits and '-', not \""
              + set
              + "\"");
    }
    return set;
  }

  /** The texts under {@code files}, at least one. */
  static List<PolicyTexts.Text> files(Call call) throws ApiError {
    List<PolicyTexts.Text> texts = new ArrayList<>();
    for (JsonNode file : call.body().path("files")) {
      JsonNode text = file.path("text");
      if (!text.isTextual()) {
        throw ApiError.badRequest("each of \"files\" must have a \"name\" and a \"text\"");
      }
      texts.add(
          new PolicyTexts.Text(
              named(file.path("name").asText("request body")),
              text.textValue().getBytes(StandardCharsets.UTF_8)));
    }
    if (texts.isEmpty()) {
      throw ApiError.badRequest("\"files\" must be a list of at least one");
    }
    return texts;
  }

  private static String named(String file) {
    return file.length() > MAX_FILE_NAME ? file.substring(0, MAX_FILE_NAME) : file;
  }

  private List<Resource> read(Call call, List<PolicyTexts.Text> texts, String namespace)
      throws ApiError {
    PolicyTexts read = PolicyTexts.read(texts, namespace, mesh.view());
    if (read.accepted()) {
      return read.resources();
    }
    ArrayNode details = Json.array();
    for (Problem problem : read.problems()) {
      details.add(Json.tree(problem.toMap()));
    }
    String file = read.problems().get(0).file;
    audit.record("apply", call.caller().name(), call.remote(), "invalid", "file", file);
    throw ApiError.unprocessable("nothing was applied: " + read.problems().get(0), details);
  }

  private HttpResponse delete(Call call) throws Exception {
    ResourceKind kind = PolicyApi.kind(call.path("kind"));
    String namespace = call.path("namespace");
    String name = call.path("name");
    return changes.make(
        call,
        "delete",
        "delete",
        mode(call),
        List.of(),
        (policy, version) -> {
          PolicyChange change = policy.planDelete(kind, namespace, name);
          if (change.isEmpty()) {
            throw PolicyApi.missing(kind, call);
          }
          return change;
        });
  }

  private static PolicyChanges.Mode mode(Call call) throws ApiError {
    return switch (call.query("dryRun", "false")) {
      case "true" -> PolicyChanges.Mode.DRY_RUN;
      case "false" -> PolicyChanges.Mode.MAKE;
      default -> throw ApiError.badRequest("the query parameter dryRun must be true or false");
    };
  }
}
