package dev.weft.controlserver.compile;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.mesh.Workload;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.policy.snapshot.MtlsMode;

/**
 * Whether instances may be given to callers. An instance whose container could not be instrumented
 * lets everybody in, so it is not ready where its policy says STRICT; elsewhere it serves, as its
 * own {@code mesh.on-agent-failure} says. Nor is one whose probe fails. Immutable.
 */
public final class Readiness {
  private final PolicyIndex policy;
  private final String rootNamespace;

  private Readiness(PolicyIndex policy, String rootNamespace) {
    this.policy = policy;
    this.rootNamespace = rootNamespace;
  }

  /** Under the policy of {@code view}. */
  public static Readiness of(MeshView view) {
    return of(PolicyIndex.of(view.policy()), view);
  }

  static Readiness of(PolicyIndex policy, MeshView view) {
    return new Readiness(policy, view.rootNamespace());
  }

  /** Whether the instance may be called. */
  public boolean isReady(RegisteredInstance instance) {
    return instance.passesProbe()
        && (instance.report().missingGuard() == null
            || InboundRules.mode(
                    policy.peerAuthentications(),
                    Workload.of(instance),
                    rootNamespace,
                    instance.report().port)
                != MtlsMode.STRICT);
  }
}
