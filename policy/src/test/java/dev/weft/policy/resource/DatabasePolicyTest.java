package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.DatabaseBreaker;
import dev.weft.policy.snapshot.DatabaseHost;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseTls;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DatabasePolicyTest {
  private static ReadResult read(String... lines) {
    String head =
        "apiVersion: weft.dev/v1alpha1\nkind: DatabasePolicy\nmetadata: {name: db}\nspec:\n  ";
    return ResourceReader.read("db.yaml", head + String.join("\n  ", lines), "shop");
  }

  private static DatabasePolicySpec accepted(String... lines) {
    ReadResult result = read(lines);
    assertThat(result.problems()).isEmpty();
    return result.resources().get(0).spec(DatabasePolicySpec.class);
  }

  private static void refused(String expected, String... lines) {
    ReadResult result = read(lines);
    assertThat(result.resources()).isEmpty();
    assertThat(
            result.problems().stream()
                .map(p -> p.mark.line + ":" + p.mark.column + " " + p.field + " " + p.message)
                .collect(Collectors.joining("\n")))
        .contains(expected);
  }

  @Test
  void readsEveryField() {
    DatabasePolicySpec spec =
        accepted(
            "selector: {matchLabels: {app: orders}}",
            "match: {urls: ['jdbc:postgresql://db-*/orders*'], hosts: ['*.db:5432'], services: [pg]}",
            "connections: {timeout: 2s, max: 20, maxWait: 1s, retries: {attempts: 3, backoff: 50ms}}",
            "statements:",
            "  timeout: 5s",
            "  slowerThan: 500ms",
            "  maxConcurrent: 10",
            "  maxWait: 100ms",
            "  rateLimit: {perSecond: 0.5, burst: 4}",
            "  readOnly: true",
            "  deny: [DDL, GRANT, DROP]",
            "circuitBreaker: {failurePercent: 50, window: 10, openTime: 5s, probes: 2}",
            "redirect:",
            "  hosts:",
            "  - {host: pg-1.example, port: 5433, principal: td/ns/data/sa/pg}",
            "  - {host: 10.0.0.2, role: REPLICA, principal: td/ns/data/sa/pg}",
            "  readWriteSplit: true",
            "  ejection: {consecutiveFailures: 2, time: 3s}",
            "  probeInterval: 4s",
            "tls: {mode: MESH}");
    assertThat(spec.selector).containsEntry("app", "orders");
    assertThat(spec.services).containsExactly("pg");
    assertThat(spec.redirectService).isNull();
    DatabasePolicy policy = spec.policy;
    assertThat(policy.namespace + "/" + policy.name).isEqualTo("shop/db");
    assertThat(policy.urls).containsExactly("jdbc:postgresql://db-*/orders*");
    assertThat(policy.hosts).containsExactly("*.db:5432");
    assertThat(policy.connections).hasToString("DatabaseConnections[2000, 3, 50, 20, 1000]");
    assertThat(policy.statements)
        .hasToString(
            "DatabaseStatements[5000, 500, 10, 100, 0.5, 4, true,"
                + " [CREATE, ALTER, DROP, TRUNCATE, GRANT]]");
    assertThat(policy.breaker).hasToString("DatabaseBreaker[10, 50, 5000, 2]");
    assertThat(policy.redirect.hosts)
        .containsExactly(
            DatabaseHost.builder()
                .address("pg-1.example")
                .port(5433)
                .spiffeId("spiffe://td/ns/data/sa/pg")
                .build(),
            DatabaseHost.builder()
                .address("10.0.0.2")
                .replica(true)
                .spiffeId("spiffe://td/ns/data/sa/pg")
                .build());
    assertThat(policy.redirect.toBuilder().hosts(Collections.emptyList()).build())
        .hasToString("DatabaseRedirect[[], true, 2, 3000, 4000]");
    assertThat(policy.tls).isEqualTo(DatabaseTls.MESH);
  }

  @Test
  void fillsInWhatIsNotSaid() {
    DatabasePolicySpec spec =
        accepted("match: {hosts: [db]}", "circuitBreaker: {consecutiveFailures: 7}");
    assertThat(spec.policy.breaker).isEqualTo(DatabaseBreaker.builder().window(7).build());
    assertThat(accepted("match: {hosts: [db]}").policy)
        .isEqualTo(
            DatabasePolicy.builder()
                .name("db")
                .namespace("shop")
                .hosts(Collections.singletonList("db"))
                .build());
    assertThat(
            accepted("match: {hosts: [db]}", "statements: {rateLimit: {perSecond: 50}}")
                .policy
                .statements
                .burst)
        .isEqualTo(50);
  }

  @Test
  void refusesByNameWithLineAndColumn() {
    refused("5:3 spec.mach is not a field of DatabasePolicy; did you mean match?", "mach: {}");
    refused("spec.match is required", "statements: {}");
    refused("5:10 spec.match must have urls, hosts or services", "match: {}");
    refused("spec.match.urls[0] must begin with jdbc:", "match: {urls: ['postgresql://db']}");
    refused("spec.match.urls[0] must end before the parameters", "match: {urls: ['jdbc:x?a=b']}");
  }

  @Test
  void refusesWhatHasNoEffectOrNoSense() {
    String match = "match: {hosts: [db]}";
    refused(
        "6:17 spec.connections.maxWait has an effect only with max",
        match,
        "connections: {maxWait: 1s}");
    refused("spec.statements.maxWait has an effect only with", match, "statements: {maxWait: 1s}");
    refused("spec.statements.timeout", match, "statements: {timeout: 0s}");
    refused("spec.statements.deny[0] must be one of", match, "statements: {deny: [VACUUM]}");
    refused(
        "spec.statements.rateLimit.perSecond", match, "statements: {rateLimit: {perSecond: 0}}");
    refused("spec.connections.retries.attempts", match, "connections: {retries: {attempts: 21}}");
    refused("must have one of consecutiveFailures and failurePercent", match, "circuitBreaker: {}");
    refused(
        "must have one of consecutiveFailures and failurePercent",
        match,
        "circuitBreaker: {consecutiveFailures: 1, failurePercent: 1}");
    refused(
        "spec.circuitBreaker.window has an effect only with failurePercent",
        match,
        "circuitBreaker: {consecutiveFailures: 1, window: 5}");
    refused("must have one of service and hosts", match, "redirect: {}");
    refused(
        "must have a host with the role PRIMARY",
        match,
        "redirect: {hosts: [{host: a, role: REPLICA}]}");
    refused("is there twice", match, "redirect: {hosts: [{host: a}, {host: A}]}");
    refused(
        "spec.redirect.readWriteSplit needs a host with the role REPLICA",
        match,
        "redirect: {hosts: [{host: a}], readWriteSplit: true}");
    refused("spec.tls.mode needs a redirect with MESH", match, "tls: {mode: MESH}");
    refused(
        "spec.redirect.hosts[0].principal is required with tls.mode MESH",
        match,
        "redirect: {hosts: [{host: a}]}",
        "tls: {mode: MESH}");
    refused(
        "must be trust-domain/ns/namespace/sa/account",
        match,
        "redirect: {hosts: [{host: a, principal: pg}]}");
  }

  @Test
  void theExampleOfThePageIsRight() throws Exception {
    byte[] page = Files.readAllBytes(Paths.get("..", "docs", "databases.md"));
    String text = new String(page, StandardCharsets.UTF_8);
    int start = text.indexOf("```yaml\n") + "```yaml\n".length();
    String example = text.substring(start, text.indexOf("```", start));
    ReadResult result = ResourceReader.read("databases.md", example, "default");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources()).hasSize(1);
  }

  @Test
  void isKnownByItsNames() {
    for (String name :
        new String[] {
          "databasepolicy", "DatabasePolicies", "dbpolicy", "databasepolicies.weft.dev"
        }) {
      assertThat(ResourceKind.named(name)).isSameAs(ResourceKind.DATABASE_POLICY);
    }
  }
}
