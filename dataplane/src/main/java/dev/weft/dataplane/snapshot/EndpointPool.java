package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.Candidates;
import dev.weft.dataplane.balance.Eligibility;
import dev.weft.dataplane.balance.LeastRequestPicker;
import dev.weft.dataplane.balance.Picker;
import dev.weft.dataplane.balance.RandomPicker;
import dev.weft.dataplane.balance.RoundRobinPicker;
import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.resilience.DestinationState;
import dev.weft.dataplane.resilience.OutlierSettings;
import dev.weft.dataplane.resilience.ServiceState;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A destination: the endpoints of a service or of a subset of it, with the policy for them.
 * Immutable but for the state it refers to.
 */
public final class EndpointPool {
  private final String host;
  private final String subset;
  private final CompiledEndpoint[] endpoints;
  private final Candidates candidates;
  private final Picker picker;
  private final @Nullable HashKey hashKey;
  private final TrafficPolicy policy;
  private final @Nullable OutlierSettings outliers;
  private final @Nullable Capacity bulkhead;
  private final DestinationState state;
  private final ServiceState service;

  private EndpointPool(
      String host,
      String subset,
      List<CompiledEndpoint> endpoints,
      TrafficPolicy policy,
      ServiceState service) {
    this.host = host;
    this.subset = subset;
    this.endpoints = endpoints.toArray(new CompiledEndpoint[0]);
    this.policy = policy;
    this.service = service;
    this.state = service.destination(subset);
    this.candidates = Candidates.of(this.endpoints, state.cursor());
    ConsistentHash hash = policy.consistentHash;
    this.hashKey = hash == null ? null : HashKey.of(hash);
    Picker hashing = state.hashing(hash, candidates);
    this.picker = hashing == null ? picker(policy.loadBalancer) : hashing;
    OutlierDetection detection = policy.outlierDetection;
    this.outliers = detection == null ? null : OutlierSettings.of(detection);
    this.bulkhead = state.bulkhead(policy.connectionPool);
  }

  static EndpointPool of(
      String host,
      String subset,
      List<CompiledEndpoint> endpoints,
      TrafficPolicy policy,
      ServiceState service) {
    return new EndpointPool(host, subset, endpoints, policy, service);
  }

  private static Picker picker(LoadBalancer balancer) {
    switch (balancer) {
      case ROUND_ROBIN:
        return RoundRobinPicker.INSTANCE;
      case RANDOM:
      case PASSTHROUGH:
        return RandomPicker.INSTANCE;
      case LEAST_REQUEST:
      default:
        return LeastRequestPicker.INSTANCE;
    }
  }

  /** Canonical host of the service. */
  public String host() {
    return host;
  }

  /** Name of the subset, {@code ""} for the whole service. */
  public String subset() {
    return subset;
  }

  /** How many endpoints there are. */
  public int size() {
    return endpoints.length;
  }

  /** One of them. */
  public CompiledEndpoint endpoint(int index) {
    return endpoints[index];
  }

  /** What consistent hashing goes by in this request; {@link TextHash#NONE} when nothing does. */
  public long hash(RequestHead request) {
    HashKey key = hashKey;
    return key == null ? TextHash.NONE : key.of(request);
  }

  /**
   * Picks one that is eligible, or returns null.
   *
   * @param hash what {@link #hash} answered
   */
  public @Nullable CompiledEndpoint pick(Eligibility eligibility, long hash, RandomSource random) {
    int index = picker.pick(candidates, eligibility, hash, random);
    return index < 0 ? null : endpoints[index];
  }

  /** The policy. */
  public TrafficPolicy policy() {
    return policy;
  }

  /** When endpoints are ejected, or null when never. */
  public @Nullable OutlierSettings outliers() {
    return outliers;
  }

  /** Whether too few endpoints of the service are healthy for ejections to be heeded. */
  public boolean panics() {
    OutlierSettings settings = outliers;
    return settings != null && settings.panics(service.size(), service.ejected());
  }

  /** The limit on calls at a time, or null. */
  public @Nullable Capacity bulkhead() {
    return bulkhead;
  }

  /** What outlives the snapshot. */
  public DestinationState state() {
    return state;
  }

  @Override
  public String toString() {
    return subset.isEmpty() ? host : host + "/" + subset;
  }
}
