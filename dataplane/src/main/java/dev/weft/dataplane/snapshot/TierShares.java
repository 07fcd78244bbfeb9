package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.resilience.ServiceState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which tier of several a call goes to, as Envoy decides it: a tier keeps its calls while 5 of 7
 * endpoints are in rotation, and then hands on in proportion. Counted anew only when an endpoint
 * has gone out, come back or become due for a probe. Thread-safe.
 */
final class TierShares {
  /** Shares are counted in these. */
  static final int WHOLE = 10_000;

  /** Envoy's overprovisioning factor of 1.4: what a tier can take beyond its usual load. */
  private static final long OVERPROVISIONED = WHOLE * 14L / 10;

  private final EndpointTier[] tiers;
  private final int @Nullable [] weights;
  private final PanicRule panic;
  private final ServiceState service;
  private final Split whenHealthy;
  private volatile @Nullable Split latest;

  /** The shares under one state of health. */
  private static final class Split {
    final int[] cumulative;
    final boolean[] panics;
    final int change;
    final long untilNanos;

    Split(int[] shares, boolean[] panics, int change, long untilNanos) {
      this.cumulative = shares.clone();
      for (int i = 1; i < cumulative.length; i++) {
        cumulative[i] += cumulative[i - 1];
      }
      this.panics = panics;
      this.change = change;
      this.untilNanos = untilNanos;
    }
  }

  TierShares(
      EndpointTier[] tiers, int @Nullable [] weights, PanicRule panic, ServiceState service) {
    this.tiers = tiers;
    this.weights = weights;
    this.panic = panic;
    this.service = service;
    int[] health = new int[tiers.length];
    Arrays.fill(health, WHOLE);
    this.whenHealthy = new Split(shares(health), new boolean[tiers.length], 0, 0);
  }

  /** The tier of a call; of one with a hash always the same while health does not change. */
  int draw(long hash, RandomSource random, long nowNanos) {
    int[] cumulative = split(nowNanos).cumulative;
    if (cumulative[0] >= WHOLE) {
      return 0;
    }
    int ticket =
        hash == TextHash.NONE
            ? random.nextInt(WHOLE)
            : (int) Long.remainderUnsigned(TextHash.again(hash, 1), WHOLE);
    int tier = 0;
    while (tier < cumulative.length - 1 && cumulative[tier] <= ticket) {
      tier++;
    }
    return tier;
  }

  /** Whether so few are healthy, in this tier and together, that ejection is no help any more. */
  boolean panics(int tier, long nowNanos) {
    return split(nowNanos).panics[tier];
  }

  /** The share of a tier, of {@link #WHOLE}. */
  int share(int tier, long nowNanos) {
    int[] cumulative = split(nowNanos).cumulative;
    return cumulative[tier] - (tier == 0 ? 0 : cumulative[tier - 1]);
  }

  private Split split(long nowNanos) {
    if (service.ejected() == 0 && service.failing() == 0) {
      return whenHealthy;
    }
    int change = service.healthChanges();
    Split known = latest;
    if (known == null || known.change != change || nowNanos - known.untilNanos >= 0) {
      known = count(change, nowNanos);
      latest = known;
    }
    return known;
  }

  private Split count(int change, long nowNanos) {
    int[] health = new int[tiers.length];
    boolean[] panics = new boolean[tiers.length];
    long until = nowNanos + 1_000_000_000L;
    long together = 0;
    for (int t = 0; t < tiers.length; t++) {
      EndpointTier tier = tiers[t];
      int out = 0;
      for (int i = 0; i < tier.size(); i++) {
        if (!tier.get(i).state().available(nowNanos)) {
          out++;
          long due = tier.get(i).state().dueNanos(nowNanos);
          until = due - nowNanos > 0 && due - until < 0 ? due : until;
        }
      }
      int size = Math.max(1, tier.size());
      health[t] = (int) Math.min(WHOLE, OVERPROVISIONED * (tier.size() - out) / size);
      panics[t] = panic.panics(size, out);
      together += health[t];
    }
    if (together >= WHOLE && weights == null) {
      // Envoy: what is left can take it all, so that no tier has to try those that are out.
      panics = new boolean[tiers.length];
    }
    return new Split(shares(health), panics, change, until);
  }

  private int[] shares(int[] health) {
    int[] shares = new int[health.length];
    long together = 0;
    for (int i = 0; i < shares.length; i++) {
      together += weights == null ? health[i] : (long) health[i] * weights[i];
    }
    if (together == 0) {
      // All are out: as if none were.
      Arrays.fill(health, WHOLE);
      return shares(health);
    }
    int left = WHOLE;
    long available = weights == null ? Math.min(WHOLE, together) : together;
    for (int i = 0; i < shares.length; i++) {
      long own = weights == null ? health[i] : (long) health[i] * weights[i];
      shares[i] = (int) Math.min(left, own * WHOLE / available);
      left -= shares[i];
    }
    // What rounding has left over goes to the first that has anything.
    for (int i = 0; i < shares.length && left > 0; i++) {
      if (shares[i] > 0) {
        shares[i] += left;
        left = 0;
      }
    }
    return shares;
  }
}
