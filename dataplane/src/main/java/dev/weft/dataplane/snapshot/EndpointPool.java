package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.Candidates;
import dev.weft.dataplane.balance.Eligibility;
import dev.weft.dataplane.balance.LatencyPicker;
import dev.weft.dataplane.balance.LeastRequestPicker;
import dev.weft.dataplane.balance.Picker;
import dev.weft.dataplane.balance.RandomPicker;
import dev.weft.dataplane.balance.RoundRobinPicker;
import dev.weft.dataplane.balance.SlowStart;
import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.origination.Origination;
import dev.weft.dataplane.origination.Originations;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.resilience.DestinationState;
import dev.weft.dataplane.resilience.OutlierSettings;
import dev.weft.dataplane.resilience.ServiceState;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.LocalityBalancing;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TrafficPolicy;
import dev.weft.policy.snapshot.Warmup;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A destination: the endpoints of a service or of a subset of it, with the policy for them.
 * Immutable but for the state it refers to.
 */
public final class EndpointPool {
  private final String host;
  private final String subset;
  private final EndpointTier[] tiers;
  private final int size;
  private final @Nullable TierShares shares;
  private final @Nullable HashKey hashKey;
  private final TrafficPolicy policy;
  private final @Nullable OutlierSettings outliers;
  private final PanicRule panic;
  private final @Nullable Origination origination;
  private final String serverName;
  private final @Nullable Capacity bulkhead;
  private final @Nullable Capacity connections;
  private final DestinationState state;
  private final ServiceState service;
  private Map<Integer, EndpointPool> ports = Collections.emptyMap();

  private EndpointPool(
      String host,
      String subset,
      List<CompiledEndpoint> endpoints,
      TrafficPolicy policy,
      ServiceState service,
      OwnInstance own,
      Originations originations) {
    this.host = host;
    this.subset = subset;
    this.policy = policy;
    this.service = service;
    this.origination = policy.tls.isOutside() ? originations.of(policy) : null;
    this.serverName =
        policy.tls == TlsMode.ISTIO_MUTUAL ? ClientTls.canonical(policy.origination.sni) : "";
    this.state = service.destination(subset);
    ConsistentHash hash = policy.consistentHash;
    this.hashKey = hash == null ? null : HashKey.of(hash, own);
    OutlierDetection detection = policy.outlierDetection;
    this.outliers = detection == null ? null : OutlierSettings.of(detection);
    this.panic = new PanicRule(outliers, policy.healthCheck != null);
    this.bulkhead = state.bulkhead(policy.connectionPool);
    this.connections = state.connections(policy.connectionPool);
    TierPlan plan = plan(endpoints, policy, own);
    List<List<CompiledEndpoint>> parts =
        plan == null ? Collections.singletonList(endpoints) : plan.tiers();
    this.tiers = new EndpointTier[parts.size()];
    state.hashes(tiers.length);
    int count = 0;
    for (int i = 0; i < tiers.length; i++) {
      tiers[i] = tier(i, parts.get(i));
      count += tiers[i].size();
    }
    this.size = count;
    this.shares =
        plan == null || tiers.length < 2
            ? null
            : new TierShares(tiers, plan.shares(), panic, service);
  }

  /** Null where all endpoints are alike, as they are nearly everywhere. */
  private static @Nullable TierPlan plan(
      List<CompiledEndpoint> endpoints, TrafficPolicy policy, OwnInstance own) {
    LocalityBalancing localities = policy.localities;
    boolean placed = !own.locality().isEmpty() && policy.outlierDetection != null;
    boolean told = !localities.equals(LocalityBalancing.defaults());
    return localities.enabled && (placed || told)
        ? TierPlan.of(endpoints, localities, policy.outlierDetection != null, own)
        : null;
  }

  private EndpointTier tier(int number, List<CompiledEndpoint> members) {
    CompiledEndpoint[] endpoints = members.toArray(new CompiledEndpoint[0]);
    Candidates candidates = Candidates.of(endpoints, state.cursor());
    Picker hashing = state.hashing(policy.consistentHash, number, candidates);
    Picker picker = hashing == null ? picker(policy.loadBalancer) : hashing;
    // A hash belongs to one endpoint, however new that is.
    SlowStart slowStart = hashing == null ? slowStart(policy.warmup) : null;
    return new EndpointTier(endpoints, candidates, picker, slowStart);
  }

  private static @Nullable SlowStart slowStart(@Nullable Warmup warmup) {
    return warmup == null
        ? null
        : SlowStart.of(
            warmup.durationMillis * 1_000_000, warmup.minimumPercent / 100, warmup.aggression);
  }

  static EndpointPool of(
      String host,
      String subset,
      List<CompiledEndpoint> endpoints,
      TrafficPolicy policy,
      ServiceState service,
      OwnInstance own,
      Originations originations) {
    EndpointPool pool =
        new EndpointPool(host, subset, endpoints, policy, service, own, originations);
    if (!policy.ports.isEmpty()) {
      pool.ports = new HashMap<>();
      for (Map.Entry<Integer, TrafficPolicy> port : policy.ports.entrySet()) {
        String name = subset + ":" + port.getKey();
        pool.ports.put(
            port.getKey(),
            new EndpointPool(host, name, endpoints, port.getValue(), service, own, originations));
      }
    }
    return pool;
  }

  private static Picker picker(LoadBalancer balancer) {
    switch (balancer) {
      case ROUND_ROBIN:
        return RoundRobinPicker.INSTANCE;
      case EWMA:
        return LatencyPicker.INSTANCE;
      case RANDOM:
      case PASSTHROUGH:
        return RandomPicker.INSTANCE;
      case LEAST_REQUEST:
      default:
        return LeastRequestPicker.INSTANCE;
    }
  }

  /** Whether some ports of the service have a policy of their own. */
  boolean differsByPort() {
    return !ports.isEmpty();
  }

  void addTo(List<EndpointPool> pools) {
    pools.add(this);
    pools.addAll(ports.values());
  }

  /** The same endpoints under the policy for calls to this port. */
  EndpointPool onPort(int port) {
    EndpointPool own = ports.get(port);
    return own == null ? this : own;
  }

  /** Canonical host of the service. */
  public String host() {
    return host;
  }

  /** Name of the subset, {@code ""} for the whole service; with {@code :port} where it differs. */
  public String subset() {
    return subset;
  }

  /** How many endpoints there are. */
  public int size() {
    return size;
  }

  /** One of them. */
  public CompiledEndpoint endpoint(int index) {
    int at = index;
    int tier = 0;
    while (at >= tiers[tier].size()) {
      at -= tiers[tier++].size();
    }
    return tiers[tier].get(at);
  }

  /** Into how many tiers localities part the endpoints; 0 when there are no endpoints. */
  public int tiers() {
    return tiers.length;
  }

  /** How many endpoints a tier has. */
  public int size(int tier) {
    return tiers[tier].size();
  }

  /** The share of calls that a tier gets now, 0 to 1. */
  public double share(int tier, long nowNanos) {
    TierShares drawn = shares;
    return drawn == null ? 1 : (double) drawn.share(tier, nowNanos) / TierShares.WHOLE;
  }

  /**
   * The tier of a call.
   *
   * @param hash what {@link #hash} answered
   */
  public int drawTier(long hash, RandomSource random, long nowNanos) {
    TierShares drawn = shares;
    return drawn == null ? 0 : drawn.draw(hash, random, nowNanos);
  }

  /** The tier of an endpoint; the first for one that has left. */
  public int tierOf(CompiledEndpoint endpoint) {
    for (int tier = tiers.length - 1; tier > 0; tier--) {
      for (int i = 0; i < tiers[tier].size(); i++) {
        if (tiers[tier].get(i) == endpoint) {
          return tier;
        }
      }
    }
    return 0;
  }

  /** What consistent hashing goes by in this request; {@link TextHash#NONE} when nothing does. */
  public long hash(RequestHead request) {
    HashKey key = hashKey;
    return key == null ? TextHash.NONE : key.of(request);
  }

  /** The cookie for a request that has nothing to hash, or null when none is given. */
  public @Nullable GivenCookie givenCookie() {
    HashKey key = hashKey;
    return key == null ? null : key.given();
  }

  /**
   * Picks one that is eligible, of this tier or else of the first other that has one; null when
   * none has.
   *
   * @param hash what {@link #hash} answered
   */
  public @Nullable CompiledEndpoint pick(
      int tier, Eligibility eligibility, long hash, RandomSource random, long nowNanos) {
    if (tiers.length == 0) {
      return null;
    }
    CompiledEndpoint picked = tiers[tier].pick(eligibility, hash, random, nowNanos);
    for (int other = 0; picked == null && other < tiers.length; other++) {
      if (other != tier) {
        picked = tiers[other].pick(eligibility, hash, random, nowNanos);
      }
    }
    return picked;
  }

  /** The policy. */
  public TrafficPolicy policy() {
    return policy;
  }

  /** The TLS of the policy with servers outside the mesh, or null where it has none. */
  public @Nullable Origination origination() {
    return origination;
  }

  /** The server name that the policy has indicated in the mesh; empty where it has none. */
  public String serverName() {
    return serverName;
  }

  /** When endpoints are ejected, or null when never. */
  public @Nullable OutlierSettings outliers() {
    return outliers;
  }

  /** Whether too few endpoints are healthy for ejections to be heeded in a tier. */
  public boolean panics(int tier, long nowNanos) {
    TierShares drawn = shares;
    if (drawn != null) {
      return drawn.panics(tier, nowNanos);
    }
    return panic.panics(service.size(), service.ejected() + service.failing());
  }

  /** The limit on calls at a time, or null. */
  public @Nullable Capacity bulkhead() {
    return bulkhead;
  }

  /** The limit on calls at a time that have a connection to themselves, or null. */
  public @Nullable Capacity connections() {
    return connections;
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
