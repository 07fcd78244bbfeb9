package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.StatementKind;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** DatabasePolicy, a kind of Weft's own: the table of its fields. */
final class DatabasePolicyKind {
  /** The kinds that define objects, in one word. */
  static final String DDL = "DDL";

  private static final int MOST_PATTERNS = 256;
  private static final int MOST_HOSTS = 64;
  private static final int MOST_CALLS = 10_000;

  private static final Type MATCH =
      ObjectType.of("match")
          .field(
              "urls",
              ListType.of(Scalars.text("a pattern of JDBC URLs", DatabasePolicyKind::url))
                  .atMost(MOST_PATTERNS))
          .field(
              "hosts",
              ListType.of(Scalars.text("a pattern of hosts", DatabasePolicyKind::hostPattern))
                  .atMost(MOST_PATTERNS))
          .field(
              "services",
              ListType.of(Scalars.text("a host name", Checks::hostName)).atMost(MOST_PATTERNS))
          .rule(DatabasePolicyKind::checkMatch)
          .build();

  private static final Type CONNECTIONS =
      ObjectType.of("connections")
          .field("timeout", Shared.DURATION)
          .field("max", Scalars.integer(1, 1_000_000))
          .field("maxWait", Shared.DURATION)
          .field(
              "retries",
              ObjectType.of("retries")
                  .required("attempts", Scalars.integer(0, 20))
                  .field("backoff", Shared.DURATION)
                  .build())
          .rule(connections -> checkWait(connections, "max"))
          .build();

  private static final Type STATEMENTS =
      ObjectType.of("statements")
          .field("timeout", Shared.DURATION)
          .field("slowerThan", Shared.DURATION)
          .field("maxConcurrent", Scalars.integer(1, 1_000_000))
          .field("maxWait", Shared.DURATION)
          .field(
              "rateLimit",
              ObjectType.of("rateLimit")
                  .required("perSecond", Scalars.number(0.001, 1_000_000))
                  .field("burst", Scalars.integer(1, 1_000_000))
                  .build())
          .field("readOnly", Scalars.flag())
          .field("deny", ListType.of(Scalars.choice(kinds())).atMost(MOST_HOSTS))
          .rule(statements -> checkWait(statements, "maxConcurrent"))
          .build();

  private static final Type BREAKER =
      ObjectType.of("circuitBreaker")
          .field("consecutiveFailures", Scalars.integer(1, MOST_CALLS))
          .field("failurePercent", Scalars.integer(1, 100))
          .field("window", Scalars.integer(1, MOST_CALLS))
          .field("openTime", Shared.DURATION)
          .field("probes", Scalars.integer(1, MOST_CALLS))
          .rule(DatabasePolicyKind::checkBreaker)
          .build();

  private static final Type REDIRECT =
      ObjectType.of("redirect")
          .field("service", Scalars.text("a host name", Checks::hostName))
          .field(
              "hosts",
              ListType.of(
                      ObjectType.of("host")
                          .required("host", Scalars.text("a host", DatabasePolicyKind::host))
                          .field("port", Shared.PORT)
                          .field("role", Scalars.choice("PRIMARY", "REPLICA"))
                          .field(
                              "principal",
                              Scalars.text("a principal", DatabasePolicyKind::principal))
                          .build())
                  .nonEmpty()
                  .atMost(MOST_HOSTS))
          .field("readWriteSplit", Scalars.flag())
          .field(
              "ejection",
              ObjectType.of("ejection")
                  .field("consecutiveFailures", Scalars.integer(1, MOST_CALLS))
                  .field("time", Shared.DURATION)
                  .build())
          .field("probeInterval", Shared.DURATION)
          .rule(DatabasePolicyKind::checkRedirect)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("DatabasePolicy")
          .field("selector", Shared.SELECTOR)
          .required("match", MATCH)
          .field("connections", CONNECTIONS)
          .field("statements", STATEMENTS)
          .field("circuitBreaker", BREAKER)
          .field("redirect", REDIRECT)
          .field(
              "tls",
              ObjectType.of("tls")
                  .required("mode", Scalars.choice("NONE", "NATIVE", "MESH"))
                  .build())
          .rule(DatabasePolicyKind::checkTls)
          .build();

  private DatabasePolicyKind() {}

  private static String[] kinds() {
    StatementKind[] all = StatementKind.values();
    String[] names = new String[all.length + 1];
    for (int i = 0; i < all.length; i++) {
      names[i] = all[i].name();
    }
    names[all.length] = DDL;
    return names;
  }

  private static @Nullable String url(String text) {
    if (!text.startsWith("jdbc:")) {
      return "must begin with jdbc:, not \"" + text + '"';
    }
    return text.indexOf('?') >= 0 || text.indexOf(';') >= 0
        ? "must end before the parameters: they are not compared"
        : null;
  }

  private static @Nullable String hostPattern(String text) {
    return text.isEmpty() || text.indexOf('/') >= 0 || text.indexOf(' ') >= 0
        ? "must be a host, with * for any run of characters, and perhaps :port"
        : null;
  }

  private static @Nullable String host(String text) {
    return Checks.ipAddress(text) == null ? null : Checks.hostName(text);
  }

  private static @Nullable String principal(String text) {
    String[] parts = text.split("/", -1);
    boolean right =
        parts.length == 5
            && !parts[0].isEmpty()
            && parts[1].equals("ns")
            && Checks.dnsLabel(parts[2]) == null
            && parts[3].equals("sa")
            && Checks.objectName(parts[4]) == null;
    return right ? null : "must be trust-domain/ns/namespace/sa/account, not \"" + text + '"';
  }

  private static void checkMatch(ObjectView match) {
    if (!match.hasContent("urls") && !match.hasContent("hosts") && !match.hasContent("services")) {
      match.invalid("must have urls, hosts or services; write urls: [\"jdbc:*\"] to match all");
    }
  }

  private static void checkWait(ObjectView limits, String limit) {
    if (limits.has("maxWait") && !limits.has(limit)) {
      limits.invalid("maxWait", "has an effect only with " + limit + "; set it");
    }
  }

  private static void checkBreaker(ObjectView breaker) {
    boolean row = breaker.has("consecutiveFailures");
    boolean share = breaker.has("failurePercent");
    if (row == share) {
      breaker.invalid("must have one of consecutiveFailures and failurePercent");
    }
    if (breaker.has("window") && !share) {
      breaker.invalid("window", "has an effect only with failurePercent; set it");
    }
  }

  private static void checkRedirect(ObjectView redirect) {
    if (redirect.has("service") == redirect.has("hosts")) {
      redirect.invalid("must have one of service and hosts");
    }
    Set<String> seen = new HashSet<>();
    boolean primary = redirect.has("service");
    boolean replica = false;
    for (ObjectView host : redirect.objects("hosts")) {
      String name = host.text("host").toLowerCase(Locale.ROOT) + ":" + host.text("port");
      if (!seen.add(name)) {
        host.invalid("host", "is there twice with this port; keep one");
      }
      boolean reads = host.text("role").equals("REPLICA");
      replica |= reads;
      primary |= !reads;
    }
    if (redirect.hasContent("hosts") && !primary) {
      redirect.invalid("hosts", "must have a host with the role PRIMARY: others are never written");
    }
    if (redirect.text("readWriteSplit").equalsIgnoreCase("true") && !replica) {
      redirect.invalid("readWriteSplit", "needs a host with the role REPLICA");
    }
  }

  /** Mesh TLS to just anybody of the mesh would prove little. */
  private static void checkTls(ObjectView spec) {
    ObjectView tls = spec.object("tls");
    if (tls == null || !tls.text("mode").equals("MESH")) {
      return;
    }
    ObjectView redirect = spec.object("redirect");
    if (redirect == null) {
      tls.invalid("mode", "needs a redirect with MESH: it says who the database is");
      return;
    }
    for (ObjectView host : redirect.objects("hosts")) {
      if (!host.has("principal")) {
        host.invalid("principal", "is required with tls.mode MESH: it says who the database is");
      }
    }
  }
}
