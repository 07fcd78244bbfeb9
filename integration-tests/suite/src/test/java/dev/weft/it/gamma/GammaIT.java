package dev.weft.it.gamma;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Rig;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * HTTPRoutes with a service as their parent between real processes, by three client libraries: some
 * of our own, and where they are there all of the Gateway API's conformance cases for a mesh.
 */
class GammaIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> CLIENTS = List.of("huc", "jdk", "apache");

  private static final String OWN =
      """
      apiVersion: gateway.networking.k8s.io/v1
      kind: HTTPRoute
      metadata: {name: own}
      spec:
        parentRefs: [{group: "", kind: Service, name: echo, port: 80}]
        rules:
        - matches: [{path: {value: /moved}}]
          filters:
          - type: RequestRedirect
            requestRedirect: {hostname: example.org, path: {type: ReplacePrefixMatch, replacePrefixMatch: /here}}
        - matches: [{path: {value: /a}}]
          filters:
          - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-rule, value: a}]}}
          - {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: x-answer, value: a}]}}
          - {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /}}}
          backendRefs:
          - name: echo-v1
            port: 8080
            filters:
            - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-backend, value: one}]}}
        - matches: [{path: {type: Exact, value: /a}}, {headers: [{name: version, value: two}]}]
          backendRefs: [{name: echo-v2, port: 8080}]
        - backendRefs: [{name: nobody, port: 80}]
      """;

  /** In the form of the conformance cases. */
  private static final String OWN_CASES =
      """
      [{"request": {"path": "/moved/b"}, "response": {"statusCode": 302},
        "redirectRequest": {"host": "example.org", "path": "/here/b"}},
       {"request": {"path": "/a/b", "headers": {"X-Rule": "theirs"}},
        "response": {"headers": {"X-Answer": "a"}}, "backend": "echo-v1",
        "expectedRequest": {"request": {"headers": {"X-Rule": "a", "X-Backend": "one"}}}},
       {"request": {"path": "/a"}, "response": {"absentHeaders": ["X-Answer"]}, "backend": "echo-v2"},
       {"request": {"path": "/ab", "headers": {"Version": "two"}}, "backend": "echo-v2"},
       {"request": {"path": "/ab"}, "response": {"statusCode": 500}}]
      """;

  @Test
  void carriesOutRoutesOfTheGatewayApi() throws Exception {
    try (ControlServer control = ControlServer.start();
        App one = echo(control, "echo-v1");
        App two = echo(control, "echo-v2")) {
      control.awaitLive("echo-v1", 1);
      control.awaitLive("echo-v2", 1);
      List<Conformance.Test> tests = new ArrayList<>();
      List<Case> own = new ArrayList<>();
      JSON.readTree(OWN_CASES).forEach(each -> own.add(new Case(each)));
      tests.add(new Conformance.Test("own", OWN, own));
      if (Conformance.present()) {
        tests.addAll(Conformance.tests());
      } else {
        Rig.figure("GAMMA: the conformance cases are not there; set WEFT_CORPUS to run them");
      }
      int requests = 0;
      List<String> wrong = new ArrayList<>();
      for (Conformance.Test test : tests) {
        control.replace(both(one, two) + test.policy().replace(Conformance.NAMESPACE, "default"));
        control.awaitLive("echo-v1", 1);
        for (Case each : test.cases()) {
          for (String client : CLIENTS) {
            requests++;
            for (String problem : each.problems(send(one, client, each))) {
              wrong.add(test.name() + " by " + client + ": " + each + ": " + problem);
            }
          }
        }
      }
      Rig.figure("GAMMA: %d tests, %d requests, %d problems", tests.size(), requests, wrong.size());
      assertThat(wrong).isEmpty();
    }
  }

  private static App echo(ControlServer control, String service) {
    return App.of(service).application(Rig.sample("echo")).mesh(control, service).start();
  }

  /** The service of both versions. */
  private static String both(App one, App two) {
    return """
        apiVersion: networking.istio.io/v1
        kind: ServiceEntry
        metadata: {name: echo}
        spec:
          hosts: [echo]
          location: MESH_INTERNAL
          resolution: STATIC
          ports: [{number: 80, name: http, protocol: HTTP}]
          endpoints:
          - {address: 127.0.0.1, ports: {http: %d}}
          - {address: 127.0.0.1, ports: {http: %d}}
        ---
        """
        .formatted(one.port(), two.port());
  }

  private static Answer send(App from, String client, Case each) throws IOException {
    StringBuilder path = new StringBuilder("/send?client=").append(client);
    path.append("&method=").append(each.method());
    path.append("&url=").append(encoded("http://" + each.host() + each.path()));
    each.headers()
        .forEach((name, value) -> path.append("&header=").append(encoded(name + ": " + value)));
    App.Answer answer = from.get(path.toString());
    JsonNode sent = JSON.readTree(answer.text());
    Map<String, String> headers = joined(sent.path("headers"));
    JsonNode echoed = JSON.createObjectNode();
    if (sent.path("status").asInt() == 200) {
      echoed = JSON.readTree(sent.path("body").asText());
    }
    return new Answer(
        sent.path("status").asInt(),
        headers.get("location"),
        headers,
        echoed.path("pod").asText(null),
        joined(echoed.path("headers")));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Map<String, String> joined(JsonNode headers) {
    Map<String, String> joined = new TreeMap<>();
    headers
        .fieldNames()
        .forEachRemaining(
            name -> {
              List<String> values = new ArrayList<>();
              headers.path(name).forEach(value -> values.add(value.asText()));
              joined.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
            });
    return joined;
  }
}
