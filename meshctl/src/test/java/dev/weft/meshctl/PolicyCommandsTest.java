package dev.weft.meshctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** apply, policy diff, history and rollback. */
final class PolicyCommandsTest extends MeshctlSetup {
  private static final String CHANGES = "POST /v1/policy/changes";

  @Test
  void appliesAFolderAsOneChange() throws Exception {
    Path folder = Files.createDirectories(this.folder.resolve("rules"));
    Files.writeString(folder.resolve("b.yml"), "kind: B\n");
    Files.writeString(folder.resolve("a.yaml"), "kind: \"A\"\n");
    Files.writeString(folder.resolve("README.md"), "c");
    server.on(
        CHANGES,
        200,
        """
        {"version":3,"results":[
        {"kind":"VirtualService","namespace":"shop","name":"orders","action":"configured"},
        {"kind":"DestinationRule","namespace":"shop","name":"orders","action":"created"}]}""");
    assertThat(run("apply", "-n", "shop", "-f", folder.toString())).isZero();
    assertThat(out())
        .isEqualTo(
            """
            virtualservice.networking.istio.io/orders configured
            destinationrule.networking.istio.io/orders created
            """);
    assertThat(server.asked()).hasSize(1);
    FakeControlServer.Asked asked = server.asked().get(0);
    assertThat(asked.authorization()).isEqualTo("Bearer " + token.text());
    assertThat(asked.contentType()).isEqualTo("application/json");
    Json body = Json.parse(asked.body());
    assertThat(body.text("namespace")).isEqualTo("shop");
    assertThat(body.has("dryRun")).isFalse();
    assertThat(body.objects("files"))
        .extracting(file -> file.text("text"))
        .containsExactly("kind: \"A\"\n", "kind: B\n");
    assertThat(body.objects("files").get(0).text("name"))
        .isEqualTo(folder.resolve("a.yaml").toString());
  }

  @Test
  void printsWarningsAsKubectlDoes() {
    server.on(
        CHANGES,
        200,
        """
        {"version":3,"results":[{"kind":"VirtualService","name":"a","action":"created"}],
        "warnings":[{"code":"WithoutEffect","file":"a.yaml","line":8,"column":5,
        "field":"spec.gateways","message":"has no effect: Weft has no gateways"}]}""");
    assertThat(runWithInput("x", "apply", "-f", "-")).isZero();
    assertThat(out()).isEqualTo("virtualservice.networking.istio.io/a created\n");
    assertThat(err())
        .isEqualTo("Warning: a.yaml:8:5: spec.gateways: has no effect: Weft has no gateways\n");
  }

  @Test
  void analyzesInTheMeshWithoutFilesOrWithThem() throws Exception {
    server.on(
        "POST /v1/policy/analysis",
        200,
        """
        {"findings":[{"code":"IST0174","level":"Warning","resource":"DestinationRule shop/a",
        "file":"","line":1,"column":1,"message":"The host a"},
        {"code":"","level":"Error","resource":"","file":"x.yaml","line":2,"column":3,
        "message":"no"}]}""");
    assertThat(run("analyze")).isEqualTo(1);
    assertThat(out())
        .isEqualTo(
            """
            Warning [IST0174] (DestinationRule shop/a) The host a
            Error (x.yaml:2:3) no
            """);
    assertThat(runWithInput("kind: A\n", "analyze", "--mesh", "-n", "shop", "-f", "-"))
        .isEqualTo(1);
    Json body = Json.parse(server.asked().get(1).body());
    assertThat(body.text("namespace")).isEqualTo("shop");
    assertThat(body.objects("files").get(0).text("text")).isEqualTo("kind: A\n");
    assertThat(runWithInput("apiVersion: v1\nkind: A\n", "analyze", "-f", "-")).isZero();
    assertThat(err()).isEqualTo("No issues found\n");
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void convertsWithoutAskingAnybody() {
    String intentions =
        "{Kind: service-intentions, Name: orders, Sources: [{Name: web, Action: allow, Peer: p}]}";
    assertThat(runWithInput(intentions, "convert", "--from", "consul", "-f", "-")).isZero();
    assertThat(out()).startsWith("---\n# From service-intentions orders, stdin:1:1.\n");
    assertThat(err()).isEqualTo("1 resource; 2 without a counterpart, see NOT CONVERTED\n");
    assertThat(runWithInput("a = b", "convert", "--from", "consul", "-f", "-")).isEqualTo(1);
    assertThat(err()).startsWith("stdin:1:1: must be an object in JSON or YAML");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void saysWhatADryRunWouldDo() throws Exception {
    server.on(
        CHANGES,
        200,
        """
        {"version":3,"results":[{"kind":"VirtualService","name":"a","action":"created"},
        {"kind":"VirtualService","name":"b","action":"pruned"}]}""");
    assertThat(runWithInput("x", "apply", "--dry-run", "--set", "shop", "--prune", "-f", "-"))
        .isZero();
    assertThat(out())
        .isEqualTo(
            """
            virtualservice.networking.istio.io/a created (dry run)
            virtualservice.networking.istio.io/b pruned (dry run)
            """);
    Json body = Json.parse(server.asked().get(0).body());
    assertThat(body.flag("dryRun")).isTrue();
    assertThat(body.flag("prune")).isTrue();
    assertThat(body.text("set")).isEqualTo("shop");
  }

  @Test
  void prunesNothingWithoutASet() {
    assertThat(runWithInput("x", "apply", "--prune", "-f", "-")).isEqualTo(2);
    assertThat(err()).startsWith("error: --prune needs --set NAME");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void printsEveryProblemAsOneLine() {
    server.on(
        CHANGES,
        422,
        """
        {"error":{"code":"invalid","message":"nothing was applied: 2 problems","details":[
        {"file":"stdin","line":7,"column":3,"field":"spec.hosts","message":"is required"},
        {"file":"stdin","line":1,"column":1,"field":"","message":"is not YAML"}]}}""");
    assertThat(runWithInput("x", "apply", "-f", "-")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            """
            stdin:7:3: spec.hosts: is required
            stdin:1:1: is not YAML
            error: nothing was applied: 2 problems
            """);
    assertThat(out()).isEmpty();
  }

  @Test
  void sendsNoTextThatCannotBePolicy() throws Exception {
    Path file = folder.resolve("latin.yaml");
    Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xe4, '\n'});
    assertThat(run("apply", "-f", file.toString())).isEqualTo(1);
    assertThat(err()).isEqualTo("error: " + file + " is not UTF-8; save it as UTF-8\n");
    Files.write(file, new byte[1024 * 1024 + 1]);
    assertThat(run("apply", "-f", file.toString())).isEqualTo(1);
    assertThat(err()).contains("is larger than 1 MiB; split it into several files");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void showsWhatWouldChangeAndForWhom() throws Exception {
    server.on(
        CHANGES,
        200,
        """
        {"version":3,"results":[
        {"kind":"PeerAuthentication","namespace":"shop","name":"same","action":"unchanged",
        "before":{"kind":"x"},"after":{"kind":"x"}},
        {"kind":"PeerAuthentication","namespace":"shop","name":"web","action":"configured",
        "before":{"kind":"PeerAuthentication","spec":{"mtls":{"mode":"STRICT"}}},
        "after":{"kind":"PeerAuthentication","spec":{"mtls":{"mode":"DISABLE"}}}},
        {"kind":"PeerAuthentication","namespace":"shop","name":"new","action":"created",
        "after":{"kind":"PeerAuthentication"}}],
        "affected":[{"namespace":"shop","service":"web","instances":["w-1","w-2"],
        "changes":["inbound","outbound orders\\u001b[2J"]}]}""");
    assertThat(runWithInput("x", "policy", "diff", "-f", "-")).isZero();
    assertThat(out())
        .isEqualTo(
            """
            --- peerauthentication.security.istio.io/web in shop
            +++ peerauthentication.security.istio.io/web in shop
            @@ -1,4 +1,4 @@
             kind: PeerAuthentication
             spec:
               mtls:
            -    mode: STRICT
            +    mode: DISABLE
            --- (none)
            +++ peerauthentication.security.istio.io/new in shop
            @@ -0,0 +1,1 @@
            +kind: PeerAuthentication
            Snapshots that would change:
              shop/web (2 instances: w-1, w-2): inbound, outbound orders?[2J
            """);
    assertThat(Json.parse(server.asked().get(0).body()).flag("diff")).isTrue();
    server.on(CHANGES, 200, "{\"results\":[{\"action\":\"unchanged\"}]}");
    assertThat(runWithInput("x", "policy", "diff", "-f", "-")).isZero();
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("No differences\n");
  }

  @Test
  void analyzesWithoutAControlServer() throws Exception {
    environment.clear();
    Path file = folder.resolve("vs.yaml");
    Files.writeString(
        file,
        """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: orders}
        spec:
          hosts: [orders]
          http: [{route: [{destination: {host: orders, subset: v9}}]}]
        """);
    assertThat(run("analyze", "-f", file.toString())).isEqualTo(1);
    assertThat(out())
        .startsWith("Error [IST0101] (VirtualService default/orders " + file + ":6:")
        .hasLineCount(1);
    Files.writeString(file, Files.readString(file).replace(", subset: v9", ""));
    assertThat(run("analyze", "-f", file.toString())).isZero();
    assertThat(out()).isEmpty();
    assertThat(err()).isEqualTo("No issues found\n");
    assertThat(server.asked()).isEmpty();
  }

  @Test
  void showsTheHistory() {
    String items =
        """
        {"reachesBackTo":2,"items":[{"version":9,"time":"2026-11-21T11:59:00Z","actor":"admin:ab12",
        "what":"apply","changes":[{"resource":"virtualservices/shop/a","action":"created"},
        {"resource":"virtualservices/shop/b","action":"created"},
        {"resource":"virtualservices/shop/c","action":"created"},
        {"resource":"virtualservices/shop/d","action":"created"}]}]}""";
    server.on("GET /v1/policy/history", 200, items);
    assertThat(run("history")).isZero();
    assertThat(out())
        .startsWith(
            "VERSION   AGE   BY           COMMAND   CHANGES\n9         60s   admin:ab12   ap")
        .endsWith("virtualservices/shop/c created, and 1 more\n");
    assertThat(run("history", "-o", "json")).isZero();
    assertThat(out()).contains("virtualservices/shop/d");
    server.on(
        "GET /v1/policy/history?kind=virtualservices&namespace=shop&name=x",
        200,
        "{\"reachesBackTo\":2,\"items\":[]}");
    assertThat(run("history", "vs", "x", "-n", "shop")).isZero();
    assertThat(err()).isEqualTo("No changes found since version 2\n");
    assertThat(run("history", "vs")).isEqualTo(2);
  }

  @Test
  void rollsBack() {
    server.on(
        "POST /v1/policy/rollback",
        200,
        """
        {"version":12,"results":[{"kind":"VirtualService","name":"a","action":"deleted"}]}""");
    assertThat(run("rollback", "--to", "7")).isZero();
    assertThat(out()).isEqualTo("virtualservice.networking.istio.io/a deleted\n");
    assertThat(err()).isEqualTo("Rolled back to version 7, as version 12\n");
    assertThat(run("rollback", "--to", "7", "--dry-run")).isZero();
    assertThat(out()).isEqualTo("virtualservice.networking.istio.io/a deleted (dry run)\n");
    assertThat(server.asked().get(1).body()).isEqualTo("{\"version\":7,\"dryRun\":true}");
    server.on(
        "POST /v1/policy/rollback",
        409,
        "{\"error\":{\"code\":\"conflict\",\"message\":\"the history reaches back to 8\"}}");
    assertThat(run("rollback", "--to", "7")).isEqualTo(1);
    assertThat(err()).isEqualTo("Error from server (Conflict): the history reaches back to 8\n");
    assertThat(run("rollback")).isEqualTo(2);
  }
}
