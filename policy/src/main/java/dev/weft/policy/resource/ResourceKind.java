package dev.weft.policy.resource;

import dev.weft.policy.schema.ObjectType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kind of resource: its names, versions, table of fields and typed view. Immutable. */
public final class ResourceKind {
  static final String NETWORKING = "networking.istio.io";
  static final String SECURITY = "security.istio.io";
  static final String WEFT = "weft.dev";

  private static final List<String> V1_AND_BETA =
      Collections.unmodifiableList(Arrays.asList("v1", "v1beta1"));
  private static final List<String> V1ALPHA1 = Collections.singletonList("v1alpha1");

  /** VirtualService: routes of a service. */
  public static final ResourceKind VIRTUAL_SERVICE =
      networking(
          "VirtualService",
          "vs",
          VirtualServiceKind.SPEC,
          (spec, namespace, name) -> VirtualServiceSpec.of(spec, namespace));

  /** DestinationRule: how calls to a service are balanced, limited and secured. */
  public static final ResourceKind DESTINATION_RULE =
      networking(
          "DestinationRule",
          "dr",
          DestinationRuleKind.SPEC,
          (spec, namespace, name) -> DestinationRuleSpec.of(spec, namespace));

  /** ServiceEntry: a service with fixed endpoints. */
  public static final ResourceKind SERVICE_ENTRY =
      networking(
          "ServiceEntry",
          "se",
          ServiceEntryKind.SPEC,
          (spec, namespace, name) -> ServiceEntrySpec.of(spec, namespace));

  /** WorkloadEntry: a place where ServiceEntries may answer. */
  public static final ResourceKind WORKLOAD_ENTRY =
      networking(
          "WorkloadEntry",
          "we",
          WorkloadEntryKind.SPEC,
          (spec, namespace, name) -> WorkloadEntrySpec.of(spec));

  /** WorkloadGroup: what the instances of a workload have in common. */
  public static final ResourceKind WORKLOAD_GROUP =
      networking(
          "WorkloadGroup",
          "wg",
          WorkloadGroupKind.SPEC,
          (spec, namespace, name) -> WorkloadGroupSpec.of(spec, name));

  /** Sidecar: what workloads may call. */
  public static final ResourceKind SIDECAR =
      networking("Sidecar", "", SidecarKind.SPEC, (spec, namespace, name) -> SidecarSpec.of(spec));

  /** PeerAuthentication: what a workload's ports accept. */
  public static final ResourceKind PEER_AUTHENTICATION =
      new ResourceKind(
          SECURITY,
          V1_AND_BETA,
          "PeerAuthentication",
          "pa",
          PeerAuthenticationKind.SPEC,
          (spec, namespace, name) -> PeerAuthenticationSpec.of(spec));

  /** RequestAuthentication: which tokens of end users are taken. */
  public static final ResourceKind REQUEST_AUTHENTICATION =
      new ResourceKind(
          SECURITY,
          V1_AND_BETA,
          "RequestAuthentication",
          "ra",
          RequestAuthenticationKind.SPEC,
          RequestAuthenticationSpec::of);

  /** AuthorizationPolicy: who may do what. */
  public static final ResourceKind AUTHORIZATION_POLICY =
      new ResourceKind(
          SECURITY,
          V1_AND_BETA,
          "AuthorizationPolicy",
          "ap",
          AuthorizationPolicyKind.SPEC,
          AuthorizationPolicySpec::of);

  /** HTTPRoute: routes of a service, as the Gateway API has them for a mesh. */
  public static final ResourceKind HTTP_ROUTE =
      new ResourceKind(
          GatewayReferences.GATEWAY,
          V1_AND_BETA,
          "HTTPRoute",
          "",
          HttpRouteKind.SPEC,
          HttpRouteSpec::of);

  /** ReferenceGrant: which routes of other namespaces may name the services of its own. */
  public static final ResourceKind REFERENCE_GRANT =
      new ResourceKind(
          GatewayReferences.GATEWAY,
          V1_AND_BETA,
          "ReferenceGrant",
          "refgrant",
          ReferenceGrantKind.SPEC,
          (spec, namespace, name) -> ReferenceGrantSpec.of(spec));

  /** DatabasePolicy: what holds between workloads and their databases. */
  public static final ResourceKind DATABASE_POLICY =
      new ResourceKind(
          WEFT,
          V1ALPHA1,
          "DatabasePolicy",
          "dbpolicy",
          DatabasePolicyKind.SPEC,
          DatabasePolicySpec::of);

  /** RateLimit: how many requests a workload takes. */
  public static final ResourceKind RATE_LIMIT =
      new ResourceKind(WEFT, V1ALPHA1, "RateLimit", "rl", RateLimitKind.SPEC, RateLimitSpec::of);

  /** LoadShedding: how many requests a workload takes at a time, found out by itself. */
  public static final ResourceKind LOAD_SHEDDING =
      new ResourceKind(
          WEFT, V1ALPHA1, "LoadShedding", "shedding", LoadSheddingKind.SPEC, LoadSheddingSpec::of);

  /** MeshConfig: what holds for the mesh where nobody says otherwise. */
  public static final ResourceKind MESH_CONFIG =
      new ResourceKind(
          WEFT,
          V1ALPHA1,
          "MeshConfig",
          "mesh",
          MeshConfigKind.SPEC,
          (spec, namespace, name) -> MeshConfigSpec.of(spec));

  /** Telemetry: spans, metrics and the access log. */
  public static final ResourceKind TELEMETRY =
      new ResourceKind(
          "telemetry.istio.io",
          Arrays.asList("v1", "v1alpha1"),
          "Telemetry",
          "telemetry",
          TelemetryKind.SPEC,
          (spec, namespace, name) -> TelemetrySpec.of(spec));

  private static final List<ResourceKind> ALL =
      Collections.unmodifiableList(
          Arrays.asList(
              VIRTUAL_SERVICE,
              DESTINATION_RULE,
              SERVICE_ENTRY,
              WORKLOAD_ENTRY,
              WORKLOAD_GROUP,
              SIDECAR,
              PEER_AUTHENTICATION,
              REQUEST_AUTHENTICATION,
              AUTHORIZATION_POLICY,
              HTTP_ROUTE,
              REFERENCE_GRANT,
              DATABASE_POLICY,
              RATE_LIMIT,
              LOAD_SHEDDING,
              MESH_CONFIG,
              TELEMETRY));

  private final String group;
  private final List<String> versions;
  private final String kind;
  private final String plural;
  private final List<String> shortNames;
  private final ObjectType spec;
  private final View view;

  private ResourceKind(
      String group,
      List<String> versions,
      String kind,
      String shortName,
      ObjectType spec,
      View view) {
    String singular = kind.toLowerCase(Locale.ROOT);
    int last = singular.length() - 1;
    this.group = group;
    this.versions = versions;
    this.kind = kind;
    this.plural =
        singular.charAt(last) == 'y' ? singular.substring(0, last) + "ies" : singular + "s";
    this.shortNames =
        shortName.isEmpty()
            ? Collections.<String>emptyList()
            : Collections.singletonList(shortName);
    this.spec = spec;
    this.view = view;
  }

  /**
   * @param shortName empty for none
   */
  private static ResourceKind networking(
      String kind, String shortName, ObjectType spec, View view) {
    return new ResourceKind(
        NETWORKING, Arrays.asList("v1", "v1beta1", "v1alpha3"), kind, shortName, spec, view);
  }

  /** Makes the typed view of an accepted spec. */
  @FunctionalInterface
  interface View {
    Object of(SpecFields spec, String namespace, String name);
  }

  /** Returns every kind that is in force. */
  public static List<ResourceKind> all() {
    return ALL;
  }

  /**
   * Returns the kind of that name as kubectl takes it (plural, singular, short, with or without the
   * group, in any case), or null.
   */
  public static @Nullable ResourceKind named(String text) {
    String name = text.toLowerCase(Locale.ROOT);
    for (ResourceKind each : ALL) {
      for (String known : each.names()) {
        if (name.equals(known) || name.equals(known + "." + each.group)) {
          return each;
        }
      }
    }
    return null;
  }

  /** Returns the names of every kind, for messages. */
  public static String knownNames() {
    List<String> names = new ArrayList<>();
    for (ResourceKind each : ALL) {
      names.add(each.plural);
    }
    return String.join(", ", names);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(shortNames);
    names.add(plural);
    names.add(singular());
    return names;
  }

  /** Returns the API group. */
  public String group() {
    return group;
  }

  /** Returns the versions that are accepted, the preferred one first; all mean the same. */
  public List<String> versions() {
    return versions;
  }

  /** Returns the name used in YAML. */
  public String kind() {
    return kind;
  }

  /** Returns the name used in the REST API. */
  public String plural() {
    return plural;
  }

  /** Returns the kind in lower case. */
  public String singular() {
    return kind.toLowerCase(Locale.ROOT);
  }

  /** Returns the abbreviations. */
  public List<String> shortNames() {
    return shortNames;
  }

  /** Returns what kubectl prints before a name: {@code virtualservice.networking.istio.io}. */
  public String qualifiedSingular() {
    return singular() + "." + group;
  }

  /** Returns the table of the spec's fields. */
  public ObjectType spec() {
    return spec;
  }

  Object view(SpecFields fields, String namespace, String name) {
    return view.of(fields, namespace, name);
  }

  @Override
  public String toString() {
    return kind;
  }
}
