package dev.weft.policy.resource;

import dev.weft.policy.snapshot.DatabaseBreaker;
import dev.weft.policy.snapshot.DatabaseConnections;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseRedirect;
import dev.weft.policy.snapshot.DatabaseStatements;
import dev.weft.policy.snapshot.DatabaseTls;
import dev.weft.policy.snapshot.StatementKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a DatabasePolicy says. Immutable. */
public final class DatabasePolicySpec {
  private static final int USUAL_WINDOW = 20;

  /** Labels of the workloads it holds for; empty for all of the namespace. */
  public final Map<String, String> selector;

  /** Services whose names are names of the database, as written. */
  public final List<String> services;

  /** Service whose endpoints stand for the host of the URL, as written; null for none. */
  public final @Nullable String redirectService;

  /**
   * The rest, for which {@link #services} and {@link #redirectService} are still to be looked up.
   */
  public final DatabasePolicy policy;

  private DatabasePolicySpec(
      Map<String, String> selector,
      List<String> services,
      @Nullable String redirectService,
      DatabasePolicy policy) {
    this.selector = Collections.unmodifiableMap(selector);
    this.services = Collections.unmodifiableList(services);
    this.redirectService = redirectService;
    this.policy = policy;
  }

  static DatabasePolicySpec of(SpecFields spec, String namespace, String name) {
    SpecFields match = spec.object("match");
    return new DatabasePolicySpec(
        spec.object("selector").textMap("matchLabels"),
        match.texts("services"),
        spec.object("redirect").optionalText("service"),
        DatabasePolicy.builder()
            .name(name)
            .namespace(namespace)
            .urls(match.texts("urls"))
            .hosts(match.texts("hosts"))
            .connections(connections(spec.object("connections")))
            .statements(statements(spec.object("statements")))
            .breaker(spec.optionalObject("circuitBreaker", DatabasePolicySpec::breaker))
            .redirect(spec.optionalObject("redirect", DatabasePolicySpec::redirect))
            .tls(DatabaseTls.valueOf(spec.object("tls").text("mode", "NONE")))
            .build());
  }

  private static DatabaseConnections connections(SpecFields connections) {
    SpecFields retries = connections.object("retries");
    return DatabaseConnections.builder()
        .timeoutMillis(connections.millis("timeout", 0))
        .retries(retries.integer("attempts", 0))
        .backoffMillis(retries.millis("backoff", DatabaseConnections.unlimited().backoffMillis))
        .max(connections.integer("max", 0))
        .maxWaitMillis(connections.millis("maxWait", 0))
        .build();
  }

  private static DatabaseStatements statements(SpecFields statements) {
    SpecFields rate = statements.object("rateLimit");
    double perSecond = rate.number("perSecond", 0);
    return DatabaseStatements.builder()
        .timeoutMillis(statements.millis("timeout", 0))
        .slowMillis(statements.millis("slowerThan", 0))
        .maxConcurrent(statements.integer("maxConcurrent", 0))
        .maxWaitMillis(statements.millis("maxWait", 0))
        .perSecond(perSecond)
        // Without a burst, what a second lets through may come at once.
        .burst(rate.integer("burst", Math.max(1, (int) perSecond)))
        .readOnly(statements.flag("readOnly", false))
        .denied(denied(statements.texts("deny")))
        .build();
  }

  private static List<String> denied(List<String> written) {
    Set<String> kinds = new LinkedHashSet<>();
    for (String kind : written) {
      if (kind.equals(DatabasePolicyKind.DDL)) {
        kinds.addAll(
            Arrays.asList(
                StatementKind.CREATE.name(),
                StatementKind.ALTER.name(),
                StatementKind.DROP.name(),
                StatementKind.TRUNCATE.name()));
      } else {
        kinds.add(kind);
      }
    }
    return new ArrayList<>(kinds);
  }

  private static DatabaseBreaker breaker(SpecFields breaker) {
    DatabaseBreaker defaults = DatabaseBreaker.builder().build();
    boolean share = breaker.has("failurePercent");
    // So many failures in a row are all of a window of that size.
    return DatabaseBreaker.builder()
        .window(
            share
                ? breaker.integer("window", USUAL_WINDOW)
                : breaker.integer("consecutiveFailures", defaults.window))
        .failurePercent(breaker.integer("failurePercent", 100))
        .openMillis(breaker.millis("openTime", defaults.openMillis))
        .probes(breaker.integer("probes", defaults.probes))
        .build();
  }

  private static DatabaseRedirect redirect(SpecFields redirect) {
    DatabaseRedirect defaults = DatabaseRedirect.builder().build();
    SpecFields ejection = redirect.object("ejection");
    return DatabaseRedirect.builder()
        .hosts(redirect.objects("hosts", DatabasePolicySpec::host))
        .readWriteSplit(redirect.flag("readWriteSplit", false))
        .consecutiveFailures(ejection.integer("consecutiveFailures", defaults.consecutiveFailures))
        .ejectionMillis(ejection.millis("time", defaults.ejectionMillis))
        .probeMillis(redirect.millis("probeInterval", 0))
        .build();
  }

  private static DatabaseHost host(SpecFields host) {
    String principal = host.optionalText("principal");
    return DatabaseHost.builder()
        .address(host.text("host", ""))
        .port(host.integer("port", 0))
        .replica(host.text("role", "PRIMARY").equals("REPLICA"))
        .spiffeId(principal == null ? null : "spiffe://" + principal)
        .build();
  }
}
