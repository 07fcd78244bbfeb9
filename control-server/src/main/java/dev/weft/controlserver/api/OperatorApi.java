package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.controlserver.BuildVersion;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.compile.Readiness;
import dev.weft.controlserver.identity.JoinTokens;
import dev.weft.controlserver.identity.WithdrawnIdentities;
import dev.weft.controlserver.jwks.IssuerKeys;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.WorkloadGroups;
import dev.weft.controlserver.push.Delivery;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.resource.PolicyDirectory;
import dev.weft.controlserver.store.RunHistory;
import dev.weft.policy.InstrumentationStatus;
import dev.weft.policy.resource.WorkloadGroupSpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What operators see and do apart from policy: instances, tokens, identities. */
final class OperatorApi {
  private final Mesh mesh;
  private final RunHistory history;
  private final Registry registry;
  private final @Nullable PolicyDirectory policyDirectory;
  private final IssuerKeys keys;
  private final WatchHub hub;
  private final JoinTokens tokens;
  private final WithdrawnIdentities withdrawn;
  private final String trustDomain;
  private final AuditLog audit;

  OperatorApi(
      Mesh mesh,
      RunHistory history,
      Registry registry,
      @Nullable PolicyDirectory policyDirectory,
      IssuerKeys keys,
      WatchHub hub,
      JoinTokens tokens,
      WithdrawnIdentities withdrawn,
      String trustDomain,
      AuditLog audit) {
    this.mesh = mesh;
    this.history = history;
    this.registry = registry;
    this.policyDirectory = policyDirectory;
    this.keys = keys;
    this.hub = hub;
    this.tokens = tokens;
    this.withdrawn = withdrawn;
    this.trustDomain = trustDomain;
    this.audit = audit;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/v1/instances", Role.OPERATOR, this::instances),
        new Endpoint(HttpMethod.POST, "/v1/tokens", Role.OPERATOR, this::createToken),
        new Endpoint(HttpMethod.POST, "/v1/identities/withdraw", Role.OPERATOR, this::withdraw),
        new Endpoint(HttpMethod.POST, "/v1/identities/restore", Role.OPERATOR, this::restore),
        new Endpoint(
            HttpMethod.GET, "/v1/identities/withdrawn", Role.OPERATOR, this::listWithdrawn),
        new Endpoint(HttpMethod.GET, "/v1/version", Role.OPERATOR, this::version));
  }

  private HttpResponse instances(Call call) {
    String namespace = call.query("namespace", "*");
    ObjectNode answer = Json.object();
    ArrayNode items = answer.putArray("items");
    MeshView view = mesh.view();
    Readiness readiness = Readiness.of(view);
    WorkloadGroups groups = WorkloadGroups.of(view.policy());
    for (RegisteredInstance instance : registry.all()) {
      if (namespace.equals("*") || namespace.equals(instance.report().namespace)) {
        items.add(describe(groups.enrolled(instance), readiness));
      }
    }
    answer.put("version", mesh.version());
    if (policyDirectory != null) {
      answer.set("policyDirectory", describe(policyDirectory.status()));
    }
    ArrayNode issuers = answer.putArray("issuerKeys");
    for (IssuerKeys.Status each : keys.status()) {
      ObjectNode item = issuers.addObject();
      item.put("address", each.address());
      item.put("keys", each.keys());
      item.put("fetched", each.fetched() == null ? null : each.fetched().toString());
      item.put("problem", each.problem());
    }
    return Call.json(answer);
  }

  private static ObjectNode describe(PolicyDirectory.Status status) {
    ObjectNode item = Json.object();
    item.put("directory", status.directory().toString());
    item.put("inForce", !status.refused());
    item.put("since", status.since().toString());
    item.put("files", status.files());
    status.problems().forEach(item.putArray("problems")::add);
    return item;
  }

  private ObjectNode describe(RegisteredInstance instance, Readiness readiness) {
    Delivery delivery = hub.delivery(instance.id());
    ObjectNode item = Json.object();
    item.put("instanceId", instance.id());
    item.put("spiffeId", instance.identity().uri());
    item.setAll((ObjectNode) Json.tree(instance.report().toMap()));
    item.put("lastSeen", instance.lastSeen().toString());
    item.put("state", instance.live() ? "live" : "expired");
    item.put("ready", readiness.isReady(instance));
    WorkloadGroupSpec group = instance.group();
    if (group != null) {
      item.put("workloadGroup", group.name);
    }
    InstrumentationStatus missing = instance.report().missingGuard();
    if (missing != null) {
      item.put("unguarded", missing.library + " (" + missing.name + "): " + missing.reason);
    }
    item.put("confirmed", instance.confirmed());
    item.put("watching", delivery.watching());
    item.put("ackedVersion", delivery.effectiveVersion());
    item.put("nack", delivery.nack());
    return item;
  }

  private HttpResponse createToken(Call call) throws ApiError {
    String service = call.text("service");
    String account = call.text("serviceAccount", service);
    WorkloadIdentity identity;
    try {
      WorkloadIdentity.requireService(service);
      identity = new WorkloadIdentity(trustDomain, call.text("namespace", "default"), account);
    } catch (IllegalArgumentException malformed) {
      throw ApiError.badRequest(String.valueOf(malformed.getMessage()));
    }
    if (withdrawn.contains(identity)) {
      throw ApiError.badRequest(identity.uri() + " is withdrawn: restore it first");
    }
    long ttl = call.number("ttlSeconds", 3600, 1, JoinTokens.MAX_TTL.toSeconds());
    int uses = (int) call.number("uses", 1, 1, JoinTokens.MAX_USES);
    JoinTokens.Created created =
        tokens.create(new JoinTokens.Grant(service, identity), Duration.ofSeconds(ttl), uses);
    audit.record(
        "token-create",
        call.caller().name(),
        call.remote(),
        "ok",
        "token",
        created.id(),
        "service",
        service,
        "spiffeId",
        identity.uri(),
        "expiresAt",
        created.expiresAt().toString(),
        "uses",
        Integer.toString(uses));
    ObjectNode answer = Json.object();
    answer.put("token", created.token());
    answer.put("expiresAt", created.expiresAt().toString());
    answer.put("spiffeId", identity.uri());
    return Call.json(answer);
  }

  private HttpResponse withdraw(Call call) throws ApiError {
    WorkloadIdentity identity = identity(call);
    String reason = call.text("reason", "");
    String kept = reason.substring(0, Math.min(reason.length(), 500));
    long version =
        mesh.change(upcoming -> withdrawn.withdraw(identity, kept), changed -> changed).version();
    hub.withdrawn(identity, kept);
    audit.record(
        "identity-withdraw",
        call.caller().name(),
        call.remote(),
        "ok",
        "spiffeId",
        identity.uri(),
        "reason",
        kept);
    return Call.json(Json.object().put("version", version));
  }

  private HttpResponse restore(Call call) throws ApiError {
    WorkloadIdentity identity = identity(call);
    Mesh.Result<Boolean> result =
        mesh.change(upcoming -> withdrawn.restore(identity), changed -> changed);
    if (!result.value()) {
      throw ApiError.notFound(identity.uri() + " is not withdrawn");
    }
    audit.record(
        "identity-restore", call.caller().name(), call.remote(), "ok", "spiffeId", identity.uri());
    return Call.json(Json.object().put("version", result.version()));
  }

  private WorkloadIdentity identity(Call call) throws ApiError {
    String uri = call.text("spiffeId");
    return WorkloadIdentity.parse(uri)
        .filter(parsed -> parsed.trustDomain().equals(trustDomain))
        .orElseThrow(
            () ->
                ApiError.badRequest(
                    String.format(
                        Locale.ROOT,
                        "\"spiffeId\" must be spiffe://%s/ns/NAMESPACE/sa/SERVICE-ACCOUNT",
                        trustDomain)));
  }

  private HttpResponse listWithdrawn(Call call) {
    ObjectNode answer = Json.object();
    ArrayNode items = answer.putArray("items");
    withdrawn
        .all()
        .forEach(
            (uri, why) ->
                items
                    .addObject()
                    .put("spiffeId", uri)
                    .put("reason", why.reason())
                    .put("since", why.since()));
    return Call.json(answer);
  }

  private HttpResponse version(Call call) {
    ObjectNode answer = Json.object();
    answer.put("server", BuildVersion.TEXT);
    answer.put("trustDomain", trustDomain);
    answer.put("epoch", mesh.view().epoch());
    answer.put("version", mesh.version());
    answer.put("restored", history.restored());
    return Call.json(answer);
  }
}
