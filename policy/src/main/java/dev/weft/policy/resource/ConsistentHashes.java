package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.ConsistentHash;
import dev.weft.policy.snapshot.SessionCookie;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

  private static final Type COOKIE =
      ObjectType.of("consistentHash.httpCookie")
          .required("name", Scalars.text("the name of a cookie", Checks::headerName))
          .field("path", Scalars.text("a path", ConsistentHashes::cookieText))
          .field("ttl", Shared.DURATION_OR_ZERO)
          .field(
              "attributes",
              ListType.of(
                  ObjectType.of("attribute")
                      .required(
                          "name", Scalars.text("the name of an attribute", Checks::headerName))
                      .field("value", Scalars.text("a text", ConsistentHashes::cookieText))
                      .build()))
          .rule(ConsistentHashes::checkCookie)
          .build();

  static final Type TYPE =
      ObjectType.of("consistentHash")
          .field("httpHeaderName", Scalars.text("the name of a header", Checks::headerName))
          .field("httpCookie", COOKIE)
          .field("useSourceIp", Scalars.flag())
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

  /** RFC 6265, section 4.1.1: what a path and the value of an attribute may have. */
  private static @Nullable String cookieText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x20 || c > 0x7e || c == ';') {
        return "must not have ; or characters that are not printable ASCII";
      }
    }
    return null;
  }

  private static void checkCookie(ObjectView cookie) {
    Set<String> names = new HashSet<>();
    for (ObjectView attribute : cookie.objects("attributes")) {
      if (attribute.has("name") && !names.add(attribute.text("name"))) {
        attribute.invalid("name", "is the name of another attribute, too; keep one of them");
      }
    }
    // Without a ttl Envoy gives no cookie, so that there is nothing for these to be part of.
    for (String part : new String[] {"path", "attributes"}) {
      if (!cookie.has("ttl") && cookie.has(part)) {
        cookie.withoutEffect(part, "without ttl the cookie is given to nobody");
      }
    }
  }

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
    boolean unkeyed =
        "useSourceIp".equals(first) && !hash.text("useSourceIp").equalsIgnoreCase("true");
    if (first == null || unkeyed) {
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
      SpecFields cookie = hash.object("httpCookie");
      made.key(ConsistentHash.Key.COOKIE).name(cookie.text("name", ""));
      if (cookie.has("ttl")) {
        made.generated(generated(cookie));
      }
    } else if (hash.flag("useSourceIp", false)) {
      made.key(ConsistentHash.Key.SOURCE);
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

  private static SessionCookie generated(SpecFields cookie) {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (SpecFields attribute : cookie.objects("attributes", each -> each)) {
      attributes.put(attribute.text("name", ""), attribute.text("value", ""));
    }
    // Browsers count in seconds; a shorter life is not the life of a session, which 0 means.
    long seconds = (cookie.millis("ttl", 0) + 999) / 1_000;
    return SessionCookie.builder()
        .ttlSeconds(seconds)
        .path(cookie.text("path", ""))
        .attributes(attributes)
        .build();
  }
}
