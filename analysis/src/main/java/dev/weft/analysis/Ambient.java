package dev.weft.analysis;

/** Istio's mode without sidecars, as Kubernetes' objects say it. */
final class Ambient {
  private Ambient() {}

  /** Whether a Pod is in it. */
  static boolean covers(Document pod) {
    return "enabled".equals(pod.annotations().get("ambient.istio.io/redirection"));
  }

  /** Whether a namespace is in it: a word for sidecars comes before. */
  static boolean covers(DocumentSet all, String namespace) {
    for (Document each : all.ofKind(Kinds.NAMESPACE)) {
      if (each.name().equals(namespace)) {
        return "ambient".equals(each.labels().get("istio.io/dataplane-mode"))
            && !"enabled".equals(each.labels().get("istio-injection"))
            && each.labels().getOrDefault("istio.io/rev", "").isEmpty();
      }
    }
    return false;
  }

  static Finding ineffective(Document policy, String where) {
    return Finding.warning(
        "IST0167",
        policy,
        policy.root().at("metadata", "name"),
        where + " is in ambient mode, the policy has no impact");
  }
}
