package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.resilience.KeyHash;
import dev.weft.dataplane.resilience.KeyedBuckets;
import dev.weft.dataplane.resilience.TokenRate;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.RateLimit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A rate limit ready to be asked. A rule of it is read as one of a DENY, so that what is absent or
 * can be read in more than one way is no way around it. Thread-safe without locks.
 */
final class CompiledLimit {
  private final RateLimit document;
  private final @Nullable PolicyMatcher rules;
  private final TokenRate rate;

  /** One of both counts. */
  private final @Nullable AtomicLong bucket;

  private final @Nullable KeyedBuckets buckets;

  /** Drawn here, and not when the first request comes. */
  private final @Nullable KeyHash hash;

  private final LocalReply refusal;

  private CompiledLimit(RateLimit document, @Nullable CompiledLimit former, long nowNanos) {
    this.document = document;
    this.rules = document.rules.isEmpty() ? null : matcher(document);
    this.rate =
        TokenRate.of(
            document.perSecond / document.instances,
            Math.max(1, (int) Math.round((double) document.burst / document.instances)));
    boolean goesOn = former != null && former.countsAs(document);
    if (keyed(document)) {
      KeyedBuckets counted = goesOn && former != null ? former.buckets : null;
      this.buckets = counted == null ? new KeyedBuckets(document.maxKeys, nowNanos) : counted;
      this.bucket = null;
      this.hash = KeyHash.ofProcess();
    } else {
      AtomicLong counted = goesOn && former != null ? former.bucket : null;
      this.bucket = counted == null ? new AtomicLong(nowNanos) : counted;
      this.buckets = null;
      this.hash = null;
    }
    this.refusal =
        LocalReply.of(
            429,
            ReplyKind.RESPONSE,
            ResponseFlag.RL,
            InboundStage.LIMIT.name(),
            document.name,
            "too many requests");
  }

  /**
   * Compiles limits.
   *
   * @param former those before, or null
   * @throws IllegalArgumentException when a value cannot be understood
   */
  static CompiledLimit[] of(
      List<RateLimit> limits, CompiledLimit @Nullable [] former, long nowNanos) {
    CompiledLimit[] compiled = new CompiledLimit[limits.size()];
    for (int i = 0; i < compiled.length; i++) {
      compiled[i] = new CompiledLimit(limits.get(i), named(former, limits.get(i).name), nowNanos);
    }
    return compiled;
  }

  private static @Nullable CompiledLimit named(CompiledLimit @Nullable [] limits, String name) {
    if (limits != null) {
      for (CompiledLimit each : limits) {
        if (each.document.name.equals(name)) {
          return each;
        }
      }
    }
    return null;
  }

  private static PolicyMatcher matcher(RateLimit limit) {
    return PolicyMatcher.of(
        AuthorizationPolicy.builder()
            .namespace(limit.namespace)
            .action(AuthorizationPolicy.Action.DENY)
            .rules(limit.rules)
            .build());
  }

  private static boolean keyed(RateLimit limit) {
    return limit.byIdentity || limit.byAddress || limit.byPath || limit.byHeader != null;
  }

  /**
   * Whether what was counted means the same under the other; how much is let through may differ.
   */
  private boolean countsAs(RateLimit other) {
    RateLimit same =
        other.toBuilder()
            .rules(document.rules)
            .perSecond(document.perSecond)
            .burst(document.burst)
            .instances(document.instances)
            .build();
    return same.equals(document);
  }

  boolean holdsFor(Facts facts) {
    PolicyMatcher asked = rules;
    return asked == null
        || (asked.needsPath() && facts.paths().ambiguous())
        || (asked.needsHost() && facts.ambiguousHost())
        || asked.matches(facts);
  }

  /** Takes a token for the request; the refusal when there is none. */
  @Nullable LocalReply take(Facts facts, long nowNanos) {
    KeyedBuckets each = buckets;
    KeyHash hashing = hash;
    AtomicLong all = bucket;
    long wait =
        each != null && hashing != null
            ? each.take(key(hashing, facts), rate, nowNanos)
            : all == null ? 0 : rate.take(all, nowNanos);
    return wait == 0
        ? null
        : refusal.with("retry-after", Long.toString((wait + 999_999_999L) / 1_000_000_000L));
  }

  /** The limit in words. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(document.name).append(": ");
    text.append(String.format(Locale.ROOT, "%.5g", document.perSecond)).append(" a second, ");
    text.append(document.burst).append(" at once");
    text.append(document.byIdentity ? ", by identity" : "");
    text.append(document.byAddress ? ", by address" : "");
    text.append(document.byPath ? ", by path" : "");
    text.append(document.byHeader == null ? "" : ", by header " + document.byHeader);
    if (document.instances > 1) {
      text.append(", this instance a share of 1/").append(document.instances);
    }
    return text.toString();
  }

  private long key(KeyHash hash, Facts facts) {
    long key = 0;
    if (document.byIdentity) {
      PeerIdentity peer = facts.peer();
      key = hash.of(peer == null ? "" : peer.spiffeId(), key);
    }
    if (document.byAddress) {
      key = hash.of(facts.remoteAddress(), key);
    }
    if (document.byPath) {
      key = hash.of(facts.paths().normalised(), key);
    }
    String header = document.byHeader;
    if (header != null) {
      List<String> values = facts.headers(header);
      key = hash.of(values.isEmpty() ? "" : values.get(0), key);
    }
    return key;
  }
}
