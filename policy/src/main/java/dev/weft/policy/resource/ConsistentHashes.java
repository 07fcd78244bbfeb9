package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.ConsistentHash;
import java.math.BigInteger;

/** Istio ConsistentHashLB: the table of its fields, and what they say. */
final class ConsistentHashes {
  /** Envoy's default of minimum_ring_size. */
  private static final int RING_SIZE = 1024;

  /** Envoy's bound of ring sizes, 8 Mi. */
  private static final int LARGEST_RING = 8 * 1024 * 1024;

  /** Beyond this a ring would take megabytes of the application's memory. */
  private static final int LARGEST_IN_FORCE = 256 * 1024;

  /** Istio: the first prime that Envoy does not take. */
  private static final int TABLE_BOUND = 5_000_011;

  private static final String[] KEYS = {
    "httpHeaderName", "httpCookie", "useSourceIp", "httpQueryParameterName"
  };

  private static final String GENERATED = "giving a cookie to callers that have none";

  private static final Type COOKIE =
      ObjectType.of("consistentHash.httpCookie")
          .required("name", Scalars.text("the name of a cookie", Checks::headerName))
          .refused("path", GENERATED)
          .refused("ttl", GENERATED)
          .refused("attributes", GENERATED)
          .build();

  static final Type TYPE =
      ObjectType.of("consistentHash")
          .field("httpHeaderName", Scalars.text("the name of a header", Checks::headerName))
          .field("httpCookie", COOKIE)
          .refused("useSourceIp", "choosing by the caller's own address")
          .field("httpQueryParameterName", Scalars.text())
          .field(
              "ringHash",
              ObjectType.of("consistentHash.ringHash")
                  .field("minimumRingSize", Scalars.integer(0, LARGEST_RING))
                  .rule(ConsistentHashes::checkRing)
                  .build())
          .field(
              "maglev",
              ObjectType.of("consistentHash.maglev")
                  .required("tableSize", Scalars.integer(0, Integer.MAX_VALUE))
                  .rule(ConsistentHashes::checkTable)
                  .build())
          .field("minimumRingSize", Scalars.integer(0, LARGEST_RING))
          .rule(ConsistentHashes::check)
          .build();

  private ConsistentHashes() {}

  private static void checkRing(ObjectView ring) {
    if (ring.number("minimumRingSize", 0) > LARGEST_IN_FORCE) {
      ring.notInForce("minimumRingSize", "a ring of more than " + LARGEST_IN_FORCE + " points");
    }
  }

  private static void checkTable(ObjectView maglev) {
    int size = (int) maglev.number("tableSize", 0);
    if (size >= TABLE_BOUND || !BigInteger.valueOf(size).isProbablePrime(50)) {
      maglev.invalid(
          "tableSize", "must be a prime number below " + TABLE_BOUND + ", such as 65537");
    }
  }

  private static void check(ObjectView hash) {
    checkRing(hash);
    String first = null;
    for (String key : KEYS) {
      if (hash.has(key) && first != null) {
        hash.invalid(key, "must not stand beside " + first);
      }
      first = hash.has(key) ? key : first;
    }
    if (first == null) {
      hash.notInForce("consistentHash", "consistentHash without a key");
    }
    if (hash.has("ringHash") && hash.has("maglev")) {
      hash.invalid("maglev", "must not stand beside ringHash");
    }
    if (hash.number("minimumRingSize", 0) > 0 && hash.hasAny("ringHash", "maglev")) {
      hash.invalid("minimumRingSize", "must not stand beside ringHash or maglev; use ringHash");
    }
  }

  static ConsistentHash of(SpecFields hash) {
    ConsistentHash.Builder made = ConsistentHash.builder();
    if (hash.has("httpCookie")) {
      made.key(ConsistentHash.Key.COOKIE).name(hash.object("httpCookie").text("name", ""));
    } else if (hash.has("httpQueryParameterName")) {
      made.key(ConsistentHash.Key.QUERY_PARAMETER).name(hash.text("httpQueryParameterName", ""));
    } else {
      made.key(ConsistentHash.Key.HEADER).name(hash.text("httpHeaderName", ""));
    }
    if (hash.has("maglev")) {
      return made.algorithm(ConsistentHash.Algorithm.MAGLEV)
          .size(hash.object("maglev").integer("tableSize", 0))
          .build();
    }
    int least = hash.integer("minimumRingSize", RING_SIZE);
    return made.algorithm(ConsistentHash.Algorithm.RING_HASH)
        .size(hash.object("ringHash").integer("minimumRingSize", least))
        .build();
  }
}
