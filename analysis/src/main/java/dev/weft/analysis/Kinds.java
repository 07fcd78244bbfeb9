package dev.weft.analysis;

import java.util.List;

/** Group and name of kinds that analyzers look at; Kubernetes' own core group is empty. */
final class Kinds {
  static final String VIRTUAL_SERVICE = "networking.istio.io/VirtualService";
  static final String DESTINATION_RULE = "networking.istio.io/DestinationRule";
  static final String SERVICE_ENTRY = "networking.istio.io/ServiceEntry";
  static final String WORKLOAD_ENTRY = "networking.istio.io/WorkloadEntry";
  static final String SIDECAR = "networking.istio.io/Sidecar";
  static final String GATEWAY = "networking.istio.io/Gateway";
  static final String KUBERNETES_GATEWAY = "gateway.networking.k8s.io/Gateway";
  static final String AUTHORIZATION_POLICY = "security.istio.io/AuthorizationPolicy";
  static final String PEER_AUTHENTICATION = "security.istio.io/PeerAuthentication";
  static final String REQUEST_AUTHENTICATION = "security.istio.io/RequestAuthentication";
  static final String TELEMETRY = "telemetry.istio.io/Telemetry";
  static final String WASM_PLUGIN = "extensions.istio.io/WasmPlugin";
  static final String SERVICE = "/Service";
  static final String POD = "/Pod";
  static final String NAMESPACE = "/Namespace";
  static final String NODE = "/Node";
  static final String CONFIG_MAP = "/ConfigMap";
  static final String DEPLOYMENT = "apps/Deployment";
  static final String RESOURCE_DEFINITION = "apiextensions.k8s.io/CustomResourceDefinition";

  /** Istio's settings of a mesh, which have neither kind nor name. */
  static final String MESH_CONFIG = "mesh.istio.io/MeshConfig";

  /** The same as a kind of Weft's own. */
  static final String WEFT_MESH_CONFIG = "weft.dev/MeshConfig";

  /** What makes Pods of a template. */
  static final List<String> POD_MAKERS =
      List.of(DEPLOYMENT, "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet");

  private Kinds() {}
}
