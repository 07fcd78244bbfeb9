package dev.weft.meshctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class MeshctlTest extends MeshctlSetup {
  private static final String NAMES_ORDERS =
      """
      {"apiVersion":"networking.istio.io/v1","kind":"VirtualService","metadata":{"name":"orders",
      "namespace":"default","creationTimestamp":"2026-11-21T11:00:00Z","resourceVersion":"7"},
      "spec":{"hosts":["orders"],"http":[{"route":[{"destination":{"host":"orders"}}]}]}}""";

  @Test
  void takesTheServerInFrontOfTheCommandAsWell() {
    String server = environment.remove("MESH_SERVER");
    assertThat(run("--server", "http://wrong", "get", "vs", "--server", "https://also:1x"))
        .isEqualTo(1);
    assertThat(err()).contains("https://also:1x");
    assertThat(run("--server", "http://in-front", "get", "vs")).isEqualTo(1);
    assertThat(err()).contains("http://in-front");
    environment.put("MESH_SERVER", server);
  }

  @Test
  void showsATable() {
    server.on(
        "GET /v1/resources/virtualservices?namespace=default",
        200,
        "{\"items\":[" + NAMES_ORDERS + "]}");
    assertThat(run("get", "vs")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            NAME     HOSTS      ROUTES   AGE
            orders   [orders]   1        60m
            """);
  }

  @Test
  void showsDatabasePolicies() {
    server.on(
        "GET /v1/resources/databasepolicies?namespace=default",
        200,
        "{\"items\":[{\"metadata\":{\"name\":\"db\"},\"spec\":{\"match\":{\"urls\":[\"jdbc:*\"],"
            + "\"services\":[\"pg\"]},\"tls\":{\"mode\":\"MESH\"}}}]}");
    assertThat(run("get", "dbpolicy")).isZero();
    assertThat(out()).contains("NAME").contains("MATCHES").contains("[jdbc:*,pg]").contains("MESH");
  }

  @Test
  void showsSeveralKinds() {
    server.on(
        "GET /v1/resources/virtualservices?namespace=default",
        200,
        "{\"items\":[" + NAMES_ORDERS + "]}");
    server.on("GET /v1/resources/destinationrules?namespace=default", 200, "{\"items\":[]}");
    assertThat(run("get", "vs,dr", "-o", "name")).isZero();
    assertThat(out()).isEqualTo("virtualservice.networking.istio.io/orders\n");
    assertThat(run("get", "vs,dr", "-o", "yaml")).isZero();
    assertThat(out()).startsWith("apiVersion: v1\nkind: List\nitems:\n- apiVersion: networking");
    assertThat(run("get", "vs,dr", "orders")).isEqualTo(2);
  }

  @Test
  void showsOneAsYamlThatCanBeAppliedAgain() {
    server.on("GET /v1/resources/virtualservices/default/orders", 200, NAMES_ORDERS);
    assertThat(run("get", "virtualservice.networking.istio.io", "orders", "-o", "yaml")).isZero();
    assertThat(out())
        .startsWith("apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n")
        .contains("resourceVersion: '7'\n")
        .contains("spec:\n  hosts:\n  - orders\n");
  }

  @Test
  void saysThatThereIsNothing() {
    server.on("GET /v1/resources/destinationrules?namespace=*", 200, "{\"items\":[]}");
    assertThat(run("get", "destinationrules", "-A")).isZero();
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("No resources found\n");
  }

  @Test
  void namesTheKindsWhenOneIsUnknown() {
    assertThat(run("get", "deployments")).isEqualTo(1);
    assertThat(err())
        .startsWith("error: Weft does not have a kind \"deployments\"; it has virtual");
  }

  @Test
  void deletesByName() {
    server.on("DELETE /v1/resources/virtualservices/default/orders", 200, "{}");
    server.on(
        "DELETE /v1/resources/virtualservices/default/gone",
        404,
        "{\"error\":{\"code\":\"NotFound\",\"message\":\"virtualservices \\\"gone\\\" not found\"}}");
    assertThat(run("delete", "vs", "orders", "gone")).isEqualTo(1);
    assertThat(out()).isEqualTo("virtualservice.networking.istio.io \"orders\" deleted\n");
    assertThat(err())
        .isEqualTo("Error from server (NotFound): virtualservices \"gone\" not found\n");
    assertThat(run("delete", "vs", "gone", "--ignore-not-found")).isZero();
  }

  @Test
  void deletesByFile() throws Exception {
    Path file = folder.resolve("orders.json");
    Files.writeString(file, NAMES_ORDERS);
    server.on("DELETE /v1/resources/virtualservices/default/orders", 200, "");
    assertThat(run("delete", "-f", file.toString())).isZero();
    assertThat(out()).isEqualTo("virtualservice.networking.istio.io \"orders\" deleted\n");
  }

  @Test
  void showsInstances() {
    server.on(
        "GET /v1/instances?namespace=*",
        200,
        """
        {"version":12,"items":[{"instanceId":"i-1","service":"orders","namespace":"default",
        "labels":{"version":"v2"},"spiffeId":"spiffe://cluster.local/ns/default/sa/orders",
        "certificateNotAfter":"2026-11-21T12:30:00Z","state":"live","watching":true,
        "ackedVersion":12,"instrumentation":[
        {"name":"tomcat-8.5","library":"Tomcat","version":"9.0.1","state":"applied"},
        {"name":"jetty-9.4","library":"Jetty","version":"9.3","state":"not-applied",
        "reason":"version 9.3 is below 9.4"},
        {"name":"undertow-2","library":"Undertow","state":"not-seen"}]},
        {"instanceId":"i-2","service":"web","namespace":"default","state":"expired",
        "ackedVersion":11,"nack":"unknown field mirror"}]}""");
    assertThat(run("status")).isZero();
    assertThat(out())
        .startsWith("NAMESPACE   SERVICE   VERSION   INSTANCE   STATE")
        .contains("orders    v2        i-1        live ")
        .contains("30m           12 (current)        tomcat-8.5")
        .contains("11, refuses newer")
        .contains("  not instrumented: jetty-9.4 (Jetty 9.3): version 9.3 is below 9.4\n")
        .contains("web i-2:\n  refuses the policy: unknown field mirror\n");
    assertThat(out()).doesNotContain("undertow");
    assertThat(run("status", "-o", "json")).isZero();
    assertThat(out()).contains("\"version\" : 12");
    assertThat(run("status", "-o", "yaml")).isZero();
    assertThat(out()).contains("version: 12\n").contains("- instanceId: i-1\n");
    assertThat(run("status", "-o", "wide")).isZero();
    assertThat(out())
        .contains(
            """
            NAMESPACE   SERVICE   INSTANCE   LIBRARY   VERSION   UNIT         STATE         REASON
            default     orders    i-1        Tomcat    9.0.1     tomcat-8.5   applied       <none>
            default     orders    i-1        Jetty     9.3       jetty-9.4    not-applied   version 9.3 is below 9.4
            """)
        .contains("  not instrumented: undertow-2: library not loaded so far\n");
  }

  @Test
  void saysThatThePolicyDirectoryIsNotInForce() {
    String answer =
        """
        {"version":12,"items":[],"policyDirectory":{"directory":"/etc/weft","inForce":%s,
        "since":"2026-11-21T11:57:00Z","files":3,"problems":["a.yaml:3:1: spec: is required"]}}""";
    server.on("GET /v1/instances?namespace=*", 200, answer.formatted(false));
    assertThat(run("status")).isZero();
    assertThat(out())
        .isEqualTo(
            "The policy directory /etc/weft is not in force since 3m; the last good policy is:\n"
                + "  a.yaml:3:1: spec: is required\n");
    server.on("GET /v1/instances?namespace=*", 200, answer.formatted(true));
    assertThat(run("status")).isZero();
    assertThat(out()).isEmpty();
  }

  @Test
  void saysWhichInstancesLetCallsInUnchecked() {
    String instance =
        """
        {"version":12,"items":[{"instanceId":"i-1","service":"orders","namespace":"default",
        "state":"live","watching":true,"ready":%s,"ackedVersion":12,
        "unguarded":"Apache Tomcat (tomcat-8.5): version\\u001b[2J 8.0.53 is too old"}]}""";
    server.on("GET /v1/instances?namespace=*", 200, instance.formatted(true));
    assertThat(run("status")).isZero();
    assertThat(out())
        .contains("i-1        live    ")
        .contains("not secured: calls come in unchecked")
        .contains("version?[2J 8.0.53 is too old");
    server.on("GET /v1/instances?namespace=*", 200, instance.formatted(false));
    assertThat(run("status")).isZero();
    assertThat(out())
        .contains("i-1        live, not ready   ")
        .contains(
            "  not ready: STRICT, and calls would come in unchecked: Apache Tomcat (tomcat-8.5)");
  }

  @Test
  void printsATokenAloneOnStandardOutput() {
    server.on(
        "POST /v1/tokens",
        201,
        """
        {"token":"weft-join.a.b.c","expiresAt":"2026-11-21T14:00:00Z","spiffeId":"spiffe://x"}""");
    assertThat(run("token", "create", "--service", "orders", "--ttl", "2h", "--uses", "3"))
        .isZero();
    assertThat(out()).isEqualTo("weft-join.a.b.c\n");
    assertThat(err()).isEqualTo("Token for spiffe://x, 3 uses, until 2026-11-21T14:00:00Z\n");
    assertThat(server.asked().get(0).body())
        .isEqualTo(
            "{\"service\":\"orders\",\"namespace\":\"default\",\"serviceAccount\":\"orders\","
                + "\"ttlSeconds\":7200,\"uses\":3}");
  }

  @Test
  void withdrawsAndListsIdentities() {
    server.on("POST /v1/identities/withdraw", 200, "{}");
    server.on("POST /v1/identities/restore", 200, "{}");
    server.on(
        "GET /v1/identities/withdrawn",
        200,
        "{\"items\":[{\"spiffeId\":\"spiffe://x\",\"reason\":\"lost laptop\"}]}");
    assertThat(run("identity", "withdraw", "spiffe://x", "--reason", "lost laptop")).isZero();
    assertThat(out()).isEqualTo("identity \"spiffe://x\" withdrawn\n");
    assertThat(run("identity", "restore", "spiffe://x")).isZero();
    assertThat(run("identity", "list")).isZero();
    assertThat(out()).startsWith("IDENTITY").contains("spiffe://x").contains("lost laptop");
  }

  @Test
  void saysWhetherTheServerRunsFromABackup() {
    server.on("GET /v1/version", 200, "{\"restored\":null}");
    assertThat(run("restored")).isZero();
    assertThat(out()).isEqualTo("not restored\n");
    server.on("GET /v1/version", 200, "{\"restored\":\"2026-11-21T11:00:00Z by hand\"}");
    assertThat(run("restored")).isZero();
    assertThat(out()).isEqualTo("restored: 2026-11-21T11:00:00Z by hand\n");
    server.on("POST /v1/restored/confirm", 200, "{\"version\":1}");
    assertThat(run("restored", "--confirm")).isZero();
    assertThat(out()).isEqualTo("confirmed\n");
  }

  @Test
  void rotatesTheRoot() {
    String answer =
        """
        {"phase":"prepared","roots":[{"fingerprint":"aa","notAfter":"2036-11-21T11:00:00Z",
        "signing":true}],"waitsFor":"1 instances do not trust the next root yet: web-1"}""";
    server.on("POST /v1/ca/rotate", 200, answer);
    assertThat(run("ca", "rotate", "prepare")).isZero();
    assertThat(out())
        .contains("phase: prepared", "aa", "The next step waits: 1 instances", "web-1");
    assertThat(server.asked().get(0).body()).contains("\"prepare\"").contains("false");
    server.on("GET /v1/ca", 200, answer);
    assertThat(run("ca", "status")).isZero();
    assertThat(out()).contains("phase: prepared");
    assertThat(run("ca", "rotate", "backwards")).isEqualTo(2);
  }

  @Test
  void showsVersions() {
    server.on("GET /v1/version", 200, "{\"server\":\"9.9\"}");
    assertThat(run("version")).isZero();
    assertThat(out()).isEqualTo("Client Version: development\nServer Version: 9.9\n");
    environment.clear();
    assertThat(run("version")).isZero();
    assertThat(out()).isEqualTo("Client Version: development\n");
  }

  @Test
  void refusesAServerWithAnotherRoot() throws Exception {
    Files.writeString(folder.resolve("admin.token"), token(new TestAuthority()).text());
    assertThat(run("get", "vs")).isEqualTo(1);
    assertThat(err())
        .startsWith("error: cannot reach the control server " + server.url())
        .contains("no certificate in its chain has the root fingerprint of the token");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void refusesAWorkloadThatPosesAsTheServer() throws Exception {
    try (FakeControlServer imposter = new FakeControlServer(authority.workload())) {
      environment.put("MESH_SERVER", imposter.url());
      assertThat(run("get", "vs")).isEqualTo(1);
      assertThat(err()).contains("answers in place of the control server");
      assertThat(imposter.asked()).isEmpty();
    }
  }

  @Test
  void explainsWhatIsMissing() throws Exception {
    server.close();
    assertThat(run("get", "vs")).isEqualTo(1);
    assertThat(err()).contains("connection refused; is it running?").hasLineCount(1);
    environment.put("MESH_SERVER", "http://localhost:1");
    assertThat(run("get", "vs")).isEqualTo(1);
    assertThat(err()).contains("must be a URL such as https://host:15443, not http://localhost:1");
    environment.remove("MESH_ADMIN_TOKEN_FILE");
    environment.remove("MESH_SERVER");
    assertThat(run("get", "vs")).isEqualTo(1);
    assertThat(err()).contains("no admin token: give --token-file FILE");
    Files.writeString(folder.resolve("bad"), "secret-text");
    assertThat(run("get", "vs", "--token-file", folder.resolve("bad").toString())).isEqualTo(1);
    assertThat(err()).contains("malformed token").doesNotContain("secret-text");
    assertThat(run("apply", "-f", folder.resolve("none").toString())).isEqualTo(1);
    assertThat(err()).contains("does not exist");
  }

  @Test
  void endsWithTwoOnWrongUsage() {
    assertThat(run("apply")).isEqualTo(2);
    assertThat(run("unknown")).isEqualTo(2);
    assertThat(run()).isEqualTo(2);
    assertThat(run("token")).isEqualTo(2);
    assertThat(run("delete", "vs")).isEqualTo(2);
    assertThat(run("token", "create", "--service", "a", "--ttl", "soon")).isEqualTo(2);
    assertThat(err()).contains("--ttl must be a duration such as 30m or 1h, not soon");
    assertThat(run("--help")).isZero();
  }

  @Test
  void attachNamesWhatIsNotThere() {
    assertThat(run("attach", "1", "--agent", folder.resolve("no.jar").toString())).isEqualTo(1);
    assertThat(err()).startsWith("error: there is no agent at ");
    String anything = folder.resolve("admin.token").toString();
    assertThat(run("attach", "999999999", "--agent", anything)).isEqualTo(1);
    assertThat(err()).isEqualTo("error: there is no process 999999999 on this machine\n");
  }
}
