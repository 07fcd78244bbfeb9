package dev.weft.meshctl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** explain request: asks the caller, then the instance that it would call. */
final class ExplainCommandTest extends MeshctlSetup {
  private static final String OUTBOUND =
      """
      {"version":12,"ended":false,"service":"orders.default.svc.cluster.local",
      "headers":{"host":"orders","x-added":"by route"},"path":"/rewritten",
      "endpoints":[{"id":"external-1","available":true,"secure":false},
      {"id":"orders-2","available":false,"secure":true},
      {"id":"orders-1","available":true,"secure":true,"serverName":"x.example"}],
      "steps":[{"stage":"RESOLVE","text":"orders is the service x","details":[]},
      {"stage":"ROUTE","text":"by the rules","details":["rule 1 matches\\u001b[2J"]}]}""";

  @BeforeEach
  void instances() {
    server.on(
        "GET /v1/instances?namespace=*",
        200,
        """
        {"items":[
        {"instanceId":"web-0","service":"web","namespace":"default","state":"expired"},
        {"instanceId":"web-1","service":"web","namespace":"default","state":"live",
        "watching":true,"address":"10.0.0.9","spiffeId":"spiffe://td/ns/default/sa/web"},
        {"instanceId":"orders-1","service":"orders","namespace":"default","state":"live",
        "watching":true,"address":"10.0.0.7","port":8080},
        {"instanceId":"orders-2","service":"orders","namespace":"default","state":"live",
        "watching":true,"port":8081},
        {"instanceId":"off-1","service":"off","namespace":"default","state":"live"}]}""");
    server.on("POST /v1/instances/web-1/explain", 200, OUTBOUND);
    server.on(
        "POST /v1/instances/orders-1/explain",
        200,
        """
        {"version":13,"ended":true,"steps":[{"stage":"AUTHORIZE","text":"1 DENY",
        "details":["refused by shop/no: status 403, RBAC: access denied"]}]}""");
  }

  @Test
  void asksBothSides() throws Exception {
    assertThat(
            run(
                "explain",
                "request",
                "--from",
                "web",
                "--to",
                "orders",
                "--method",
                "POST",
                "--path",
                "/x?y=1",
                "-H",
                "x-user: bob"))
        .isZero();
    assertThat(out())
        .isEqualTo(
            """
            outbound at web-1 (default/web), policy version 12
              RESOLVE    orders is the service x
              ROUTE      by the rules
                         rule 1 matches?[2J
            inbound at orders-1 (default/orders), policy version 13
              AUTHORIZE  1 DENY
                         refused by shop/no: status 403, RBAC: access denied
            """);
    Json outbound = Json.parse(server.asked().get(1).body());
    assertThat(outbound.text("side")).isEqualTo("outbound");
    assertThat(outbound.text("authority")).isEqualTo("orders");
    assertThat(outbound.text("path")).isEqualTo("/x?y=1");
    assertThat(outbound.object("headers").text("x-user")).isEqualTo("bob");
    Json inbound = Json.parse(server.asked().get(2).body());
    assertThat(inbound.text("side")).isEqualTo("inbound");
    assertThat(inbound.text("method")).isEqualTo("POST");
    assertThat(inbound.text("path")).isEqualTo("/rewritten");
    assertThat(inbound.text("peer")).isEqualTo("spiffe://td/ns/default/sa/web");
    assertThat(inbound.text("remoteAddress")).isEqualTo("10.0.0.9");
    assertThat(inbound.number("port")).isEqualTo(8080);
    assertThat(inbound.text("localAddress")).isEqualTo("10.0.0.7");
    assertThat(inbound.text("serverName")).isEqualTo("x.example");
    assertThat(inbound.object("headers").text("x-added")).isEqualTo("by route");
    assertThat(run("explain", "request", "--from", "web-1", "--to", "orders", "-o", "json"))
        .isZero();
    assertThat(out()).contains("\"outbound\"", "\"inbound\"", "\"AUTHORIZE\"");
  }

  @Test
  void asksTheInstanceThatIsNamed() {
    server.on("POST /v1/instances/orders-2/explain", 200, "{\"version\":13,\"steps\":[]}");
    assertThat(
            run(
                "explain",
                "request",
                "--from",
                "web",
                "--to",
                "orders",
                "--to-instance",
                "orders-2"))
        .isZero();
    assertThat(out()).contains("inbound at orders-2");
    assertThat(
            run("explain", "request", "--from", "web", "--to", "orders", "--to-instance", "web-1"))
        .isEqualTo(1);
    assertThat(err()).contains("web-1 is not among the endpoints");
  }

  @Test
  void endsWhereTheRequestEnds() {
    server.on(
        "POST /v1/instances/web-1/explain",
        200,
        OUTBOUND.replace("\"ended\":false", "\"ended\":true"));
    assertThat(run("explain", "request", "--from", "web", "--to", "orders")).isZero();
    assertThat(out()).doesNotContain("inbound at");
    assertThat(server.asked()).hasSize(2);
  }

  @Test
  void saysWhoCannotBeAsked() {
    assertThat(run("explain", "request", "--from", "nobody", "--to", "orders")).isEqualTo(1);
    assertThat(err()).contains("there is no instance \"nobody\" and no service of that name");
    assertThat(run("explain", "request", "--from", "off", "--to", "orders")).isEqualTo(1);
    assertThat(err()).contains("instance off-1 is not connected to the control server");
    assertThat(run("explain", "request", "--from", "web", "--to", "o", "-H", "x")).isEqualTo(2);
    assertThat(err()).isEqualTo("error: -H must be NAME:VALUE, not x\n");
    server.on(
        "POST /v1/instances/web-1/explain",
        504,
        "{\"error\":{\"code\":\"no-answer\",\"message\":\"instance web-1 did not answer\"}}");
    assertThat(run("explain", "request", "--from", "web", "--to", "orders")).isEqualTo(1);
    assertThat(err()).isEqualTo("Error from server (no-answer): instance web-1 did not answer\n");
  }
}
