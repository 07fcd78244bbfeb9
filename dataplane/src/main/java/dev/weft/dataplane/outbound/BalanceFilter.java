package dev.weft.dataplane.outbound;

import dev.weft.dataplane.balance.TextHash;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.snapshot.CompiledEndpoint;
import dev.weft.dataplane.snapshot.EndpointPool;
import org.jspecify.annotations.Nullable;

/**
 * Picks the endpoint of an attempt: one in rotation that was not tried, else one in rotation, else
 * (all ejected, or fewer healthy than minHealthPercent: panic) anyone, so that a wrong suspicion of
 * all costs less than certain refusal.
 */
final class BalanceFilter implements OutboundFilter {
  private final RandomSource random;
  private final MeshTimer timer;

  BalanceFilter(RandomSource random, MeshTimer timer) {
    this.random = random;
    this.timer = timer;
  }

  @Override
  public OutboundStage stage() {
    return OutboundStage.BALANCE;
  }

  @Override
  public Verdict apply(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    CompiledEndpoint picked = pool == null ? null : pick(exchange, pool);
    if (picked == null) {
      return Rejections.of(
          exchange,
          OutboundStage.BALANCE,
          503,
          ReplyKind.RESPONSE,
          ResponseFlag.UH,
          "no healthy upstream: " + (pool == null ? exchange.host() : pool) + " has no endpoint");
    }
    picked.state().begin();
    exchange.attempt = new Attempt(picked, exchange.host(), exchange.attempts, timer);
    return Verdict.PROCEED;
  }

  private @Nullable CompiledEndpoint pick(OutboundExchange exchange, EndpointPool pool) {
    // A hedge is no need: it goes to one that is well and another one, or nowhere.
    int last = exchange.hedge ? OutboundExchange.HEALTHY_UNTRIED : OutboundExchange.ANYONE;
    long now = exchange.nowNanos;
    long hash = hash(exchange, pool);
    int tier = pool.tiers() < 2 ? 0 : tier(exchange, pool, hash);
    int first = pool.panics(tier, now) ? OutboundExchange.UNTRIED : exchange.firstLevel;
    for (exchange.level = first; exchange.level <= last; exchange.level++) {
      CompiledEndpoint picked = pool.pick(tier, exchange, hash, random, now);
      if (picked != null) {
        return picked;
      }
    }
    return null;
  }

  /** The tier drawn, unless retries have left it: then the first that they have not. */
  private int tier(OutboundExchange exchange, EndpointPool pool, long hash) {
    int drawn = pool.drawTier(hash, random, exchange.nowNanos);
    if (!exchange.hasLeft(drawn)) {
      return drawn;
    }
    for (int tier = 0; tier < pool.tiers(); tier++) {
      if (!exchange.hasLeft(tier)) {
        return tier;
      }
    }
    return drawn;
  }

  private long hash(OutboundExchange exchange, EndpointPool pool) {
    long hash = pool.hash(exchange.request());
    if (hash != TextHash.NONE || pool.givenCookie() == null) {
      return hash;
    }
    String value = exchange.givenCookie;
    if (value == null) {
      value = Long.toHexString(random.nextLong());
      exchange.givenCookie = value;
    }
    return TextHash.of(value);
  }

  @Override
  public void release(OutboundExchange exchange) {
    Attempt attempt = exchange.attempt;
    if (attempt != null) {
      attempt.compiled().state().end();
      attempt.finished();
    }
  }
}
