package dev.weft.policy.snapshot;

/** How an endpoint is picked (Istio SimpleLB). */
public enum LoadBalancer {
  /** The less busy of two picked at random. */
  LEAST_REQUEST,
  /** The one of two picked at random that answers sooner: latency times calls under way. */
  EWMA,
  /** In turn, by weight. */
  ROUND_ROBIN,
  /** At random, by weight. */
  RANDOM,
  /** The address that the application named, without balancing. */
  PASSTHROUGH
}
