package dev.weft.controlserver.identity;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.AccessToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that let an agent obtain its first certificate: bound to one service and identity,
 * counted, expiring. Only the hash of a secret is kept. Counting happens inside the store's
 * transaction, so of any number of simultaneous uses no more succeed than the token allows, and a
 * use survives a crash. Thread-safe.
 */
public final class JoinTokens {
  /** Longest life of a token. */
  public static final Duration MAX_TTL = Duration.ofDays(365);

  /** Most uses of one token. */
  public static final int MAX_USES = 100_000;

  private final MeshStore store;
  private final Supplier<byte[]> rootFingerprint;
  private final Clock clock;
  private final SecureRandom random;

  /**
   * @param rootFingerprint of the root that the server proves, as new tokens carry it
   */
  public JoinTokens(
      MeshStore store, Supplier<byte[]> rootFingerprint, Clock clock, SecureRandom random) {
    this.store = store;
    this.rootFingerprint = rootFingerprint;
    this.clock = clock;
    this.random = random;
  }

  /** What a token allows: to join as {@code service} under {@code identity}. */
  public record Grant(String service, WorkloadIdentity identity) {}

  /** A fresh token; the only moment its secret is known here. */
  public record Created(String token, String id, Instant expiresAt) {
    /** Without the secret: records print their components. */
    @Override
    public String toString() {
      return "Created[" + id + "]";
    }
  }

  /** What became of a use. */
  public record Redeemed(int usesLeft, boolean newService) {}

  /** Makes a token; it is durable when this returns. */
  public Created create(Grant grant, Duration ttl, int uses) {
    AccessToken token = AccessToken.generate(AccessToken.Kind.JOIN, rootFingerprint.get(), random);
    Instant expiresAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(ttl);
    ObjectNode record = Json.object();
    record.put("hash", Base64.getEncoder().encodeToString(token.secretHash()));
    record.put("service", grant.service());
    record.put("identity", grant.identity().uri());
    record.put("expiresAt", expiresAt.toString());
    record.put("usesLeft", uses);
    store.write(
        tx -> {
          tx.put(Table.JOIN_TOKENS, token.id(), Json.text(record));
          return token.id();
        });
    return new Created(token.text(), token.id(), expiresAt);
  }

  /**
   * What {@code token} allows at this moment, without using it up.
   *
   * @throws Denied when it is unknown, forged, expired or used up
   */
  public Grant check(AccessToken token) throws Denied {
    return grantOf(verified(token, store.get(Table.JOIN_TOKENS, token.id())));
  }

  /**
   * Uses {@code token} once and binds its service to its identity, in one transaction.
   *
   * @throws Denied as {@link #check}; then nothing was used
   */
  public Redeemed redeem(AccessToken token) throws Denied {
    return store.write(
        tx -> {
          ObjectNode record = verified(token, tx.get(Table.JOIN_TOKENS, token.id()));
          Grant grant = grantOf(record);
          int left = record.path("usesLeft").asInt() - 1;
          record.put("usesLeft", left);
          tx.put(Table.JOIN_TOKENS, token.id(), Json.text(record));
          return new Redeemed(left, Workloads.bind(tx, grant.identity(), grant.service()));
        });
  }

  /** Takes away every token of {@code identity}; part of withdrawing it. */
  static void revoke(MeshStore.Transaction tx, String identity) {
    for (Map.Entry<String, String> entry : tx.entries(Table.JOIN_TOKENS).entrySet()) {
      if (Json.readOwn(entry.getValue()).path("identity").asText().equals(identity)) {
        tx.remove(Table.JOIN_TOKENS, entry.getKey());
      }
    }
  }

  /** Forgets tokens that expired, spent or not. */
  public void removeExpired() {
    Instant now = clock.instant();
    List<String> expired =
        store.entries(Table.JOIN_TOKENS).entrySet().stream()
            .filter(e -> !now.isBefore(expiry(Json.readOwn(e.getValue()))))
            .map(Map.Entry::getKey)
            .toList();
    if (!expired.isEmpty()) {
      store.write(
          tx -> {
            expired.forEach(id -> tx.remove(Table.JOIN_TOKENS, id));
            return expired.size();
          });
    }
  }

  private ObjectNode verified(AccessToken token, @Nullable String stored) throws Denied {
    if (stored == null || token.kind() != AccessToken.Kind.JOIN) {
      throw Denied.unknown(
          "the join token is not known here: make a new one with `meshctl token create`");
    }
    ObjectNode record = Json.readOwn(stored);
    if (!token.matches(Base64.getDecoder().decode(record.path("hash").asText()))) {
      throw Denied.unknown(
          "the join token is not known here: make a new one with `meshctl token create`");
    }
    if (!clock.instant().isBefore(expiry(record))) {
      throw Denied.unknown(
          "the join token expired at "
              + expiry(record)
              + " (the control server's clock says "
              + clock.instant()
              + "): make a new one with `meshctl token create`");
    }
    if (record.path("usesLeft").asInt() <= 0) {
      throw Denied.unknown("the join token is used up: make a new one with `meshctl token create`");
    }
    return record;
  }

  private static Instant expiry(ObjectNode record) {
    return Instant.parse(record.path("expiresAt").asText());
  }

  private static Grant grantOf(ObjectNode record) {
    WorkloadIdentity identity =
        WorkloadIdentity.parse(record.path("identity").asText())
            .orElseThrow(() -> new IllegalStateException("a stored join token names no identity"));
    return new Grant(record.path("service").asText(), identity);
  }
}
