package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.balance.Candidates;
import dev.weft.dataplane.balance.Eligibility;
import dev.weft.dataplane.balance.Picker;
import dev.weft.dataplane.balance.SlowStart;
import dev.weft.dataplane.filter.RandomSource;
import org.jspecify.annotations.Nullable;

/** Endpoints among which one picker picks. Immutable but for the state it refers to. */
final class EndpointTier {
  /** Draws for one that is warm enough; the last one is taken as it is. */
  private static final int DRAWS = 16;

  private final CompiledEndpoint[] endpoints;
  private final Candidates candidates;
  private final Picker picker;
  private final @Nullable SlowStart slowStart;
  private final long oldestNanos;
  private final long newestNanos;

  EndpointTier(
      CompiledEndpoint[] endpoints,
      Candidates candidates,
      Picker picker,
      @Nullable SlowStart slowStart) {
    this.endpoints = endpoints;
    this.candidates = candidates;
    this.picker = picker;
    this.slowStart = slowStart;
    long oldest = endpoints.length == 0 ? 0 : endpoints[0].state().sinceNanos();
    long newest = oldest;
    for (CompiledEndpoint endpoint : endpoints) {
      long since = endpoint.state().sinceNanos();
      oldest = since - oldest < 0 ? since : oldest;
      newest = since - newest > 0 ? since : newest;
    }
    this.oldestNanos = oldest;
    this.newestNanos = newest;
  }

  int size() {
    return endpoints.length;
  }

  CompiledEndpoint get(int index) {
    return endpoints[index];
  }

  /** One that is eligible, or null. */
  @Nullable CompiledEndpoint pick(
      Eligibility eligibility, long hash, RandomSource random, long nowNanos) {
    int index = picker.pick(candidates, eligibility, hash, random);
    if (index < 0) {
      return null;
    }
    SlowStart rising = slowStart;
    return rising == null || nowNanos - newestNanos >= rising.windowNanos()
        ? endpoints[index]
        : warm(rising, index, eligibility, random, nowNanos);
  }

  /**
   * Draws until one is taken; each is with the part of its weight as probability, so that shares
   * come out as if the weights were that much smaller, and nothing has to be computed per endpoint.
   * Where all are new none is favoured: parts count in proportion to that of the oldest.
   */
  private CompiledEndpoint warm(
      SlowStart rising, int first, Eligibility eligibility, RandomSource random, long nowNanos) {
    double most = rising.part(nowNanos - oldestNanos);
    int index = first;
    for (int i = 0; i < DRAWS; i++) {
      double part = rising.part(nowNanos - endpoints[index].state().sinceNanos());
      if (part >= most || random.nextDouble() * most < part) {
        break;
      }
      index = picker.pick(candidates, eligibility, random);
    }
    return endpoints[index < 0 ? first : index];
  }
}
