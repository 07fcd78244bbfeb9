package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.LocalityBalancing;
import dev.weft.policy.snapshot.LocalityDistribution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How the endpoints of a destination are parted by where they run: into tiers that stand in for
 * each other, or into tiers with shares. Made as Istio makes Envoy's priorities and weights of
 * localities ({@code pilot/pkg/networking/core/loadbalancer}). Immutable.
 */
final class TierPlan {
  /** Istio leaves so much room for the ranks of {@code failover} below those of labels. */
  private static final int RANKS = 5;

  private final List<List<CompiledEndpoint>> tiers;
  private final int @Nullable [] shares;

  private TierPlan(List<List<CompiledEndpoint>> tiers, int @Nullable [] shares) {
    this.tiers = tiers;
    this.shares = shares;
  }

  /**
   * The plan, or null when all endpoints are alike.
   *
   * @param ejects whether endpoints are ever ejected; without that nothing stands in, as in Istio
   */
  static @Nullable TierPlan of(
      List<CompiledEndpoint> endpoints, LocalityBalancing policy, boolean ejects, OwnInstance own) {
    Place here = Place.of(own.locality());
    for (LocalityDistribution distribution : policy.distribute) {
      if (here.within(Place.of(distribution.from))) {
        return shared(endpoints, distribution.to);
      }
    }
    boolean placed = !own.locality().isEmpty() || !policy.failoverPriority.isEmpty();
    return ejects && placed && policy.distribute.isEmpty()
        ? ranked(endpoints, policy, here, own.labels())
        : null;
  }

  /** The endpoints of each tier; for shares those that have none are left out. */
  List<List<CompiledEndpoint>> tiers() {
    return tiers;
  }

  /** The share of each tier in percent, or null when the first has all while it is healthy. */
  int @Nullable [] shares() {
    return shares;
  }

  private static TierPlan shared(List<CompiledEndpoint> endpoints, Map<String, Integer> to) {
    List<String> rules = new ArrayList<>(to.keySet());
    // A rule for the rest stands behind those that name a place.
    rules.sort(
        Comparator.comparing((String rule) -> rule.endsWith("*"))
            .thenComparing(rule -> -rule.length()));
    List<List<CompiledEndpoint>> tiers = new ArrayList<>();
    List<Integer> shares = new ArrayList<>();
    List<CompiledEndpoint> left = new ArrayList<>(endpoints);
    for (String rule : rules) {
      Place place = Place.of(rule);
      List<CompiledEndpoint> members = new ArrayList<>();
      for (CompiledEndpoint endpoint : left) {
        if (Place.of(endpoint.document().locality).within(place)) {
          members.add(endpoint);
        }
      }
      left.removeAll(members);
      if (!members.isEmpty()) {
        tiers.add(members);
        shares.add(to.get(rule));
      }
    }
    int[] percent = new int[shares.size()];
    for (int i = 0; i < percent.length; i++) {
      percent[i] = shares.get(i);
    }
    return new TierPlan(tiers, percent);
  }

  private static @Nullable TierPlan ranked(
      List<CompiledEndpoint> endpoints,
      LocalityBalancing policy,
      Place here,
      Map<String, String> labels) {
    boolean byPlace = policy.failoverPriority.isEmpty() || !policy.failover.isEmpty();
    Map<Integer, List<CompiledEndpoint>> byRank = new TreeMap<>();
    for (CompiledEndpoint endpoint : endpoints) {
      Place there = Place.of(endpoint.document().locality);
      int rank = RANKS * labelRank(policy.failoverPriority, endpoint, here, there, labels);
      if (byPlace) {
        rank += placeRank(policy.failover, here, there);
      }
      byRank.computeIfAbsent(rank, key -> new ArrayList<>()).add(endpoint);
    }
    return byRank.size() < 2 ? null : new TierPlan(new ArrayList<>(byRank.values()), null);
  }

  private static int labelRank(
      List<String> priorities,
      CompiledEndpoint endpoint,
      Place here,
      Place there,
      Map<String, String> labels) {
    for (int i = 0; i < priorities.size(); i++) {
      String entry = priorities.get(i);
      int equals = entry.indexOf('=');
      String key = equals < 0 ? entry : entry.substring(0, equals);
      String wanted = equals < 0 ? here.label(key, labels) : entry.substring(equals + 1);
      if (!Objects.equals(wanted, there.label(key, endpoint.document().labels))) {
        return priorities.size() - i;
      }
    }
    return 0;
  }

  private static int placeRank(Map<String, String> failover, Place here, Place there) {
    int distance = here.distance(there);
    String standIn = failover.get(here.region);
    return distance == 3 && standIn != null && !standIn.equals(there.region) ? 4 : distance;
  }
}
