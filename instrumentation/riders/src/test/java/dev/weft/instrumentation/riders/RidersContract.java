package dev.weft.instrumentation.riders;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.httpurlconnection.HttpUrlConnectionModule;
import dev.weft.instrumentation.javahttpclient.JavaHttpClientModule;
import dev.weft.instrumentation.okhttp.OkHttpModule;
import dev.weft.instrumentation.reactornettyclient.ReactorNettyClientModule;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Received;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients that are made of woven ones are in the mesh with them: secured, retried, and for the rest
 * as they are when they call an instance by its address.
 */
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
abstract class RidersContract {
  private static final String MESH = "http://orders:8080";

  /** What differs with the address, the connection's own business, and what the mesh tells. */
  private static final Set<String> NOT_THE_CALLERS =
      Set.of("host", "connection", "upgrade", "http2-settings", "traceparent", "x-request-id");

  private final List<Named<Rider>> riders = new ArrayList<>();
  private Rig rig;
  private TestInstance reference;

  /** The clients under test, made before their libraries are woven, as when attached. */
  abstract Map<String, Rider> newRiders();

  @BeforeAll
  void weave() throws Exception {
    newRiders().forEach((name, rider) -> riders.add(Named.of(name, rider)));
    reference = TestInstance.plain("reference");
    rig =
        new Rig(
            new HttpUrlConnectionModule(),
            new JavaHttpClientModule(),
            new dev.weft.instrumentation.apachehttpclient.ApacheHttpClientModule(),
            new dev.weft.instrumentation.apachehttpclient5.ApacheHttpClientModule(),
            new OkHttpModule(),
            new ReactorNettyClientModule());
  }

  @AfterAll
  void unweave() {
    rig.close();
    reference.close();
  }

  Stream<Named<Rider>> riders() {
    return riders.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("riders")
  void isSecuredAndRetriedUnseen(Rider rider) throws Exception {
    rig.goodAndBad();
    answering(r -> Reply.of(200, "hello"));
    int before = rig.good().requests().size();
    for (int i = 0; i < 4; i++) {
      assertThat(rider.call("GET", MESH + "/orders/" + i, null)).endsWith("hello");
      assertThat(rig.good().last().target()).isEqualTo("/orders/" + i);
      assertThat(rig.good().last().peer()).as("who the SVID is of").isEqualTo("CN=caller");
      assertThat(rig.good().last().header("Host")).isEqualTo("orders:8080");
    }
    assertThat(rig.good().requests()).hasSize(before + 4);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("riders")
  void answersAndErrorsAreThoseOfTheServer(Rider rider) {
    rig.goodOnly();
    for (int status : List.of(200, 204, 302, 400, 401, 404, 409, 429, 500, 503)) {
      answering(r -> Reply.of(status, "text of " + status).with("Content-Type", "text/plain"));
      assertThat(outcome(rider, MESH, null)).as("GET, %s", status).isEqualTo(direct(rider, null));
      assertThat(outcome(rider, MESH, "a body"))
          .as("POST, %s", status)
          .isEqualTo(direct(rider, "a body"));
    }
    answering(r -> Reply.of(201, r.body()));
    assertThat(outcome(rider, MESH, "grüße"))
        .isEqualTo(direct(rider, "grüße"))
        .isEqualTo(outcome(rider, MESH, "grüße"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("riders")
  void requestIsThatOfTheLibrary(Rider rider) throws Exception {
    rig.goodOnly();
    answering(r -> Reply.of(200, "hello"));
    for (String body : new String[] {null, "a body"}) {
      String method = body == null ? "GET" : "POST";
      rider.call(method, MESH + "/a%20b?c=d&e=%2F", body);
      rider.call(method, to(reference) + "/a%20b?c=d&e=%2F", body);
      Received inMesh = rig.good().last();
      Received direct = reference.last();
      assertThat(inMesh.method()).isEqualTo(direct.method()).isEqualTo(method);
      assertThat(inMesh.target()).isEqualTo(direct.target());
      assertThat(headers(inMesh)).containsExactlyInAnyOrderElementsOf(headers(direct));
      assertThat(new String(inMesh.body(), UTF_8)).isEqualTo(body == null ? "" : body);
      assertThat(new String(direct.body(), UTF_8)).isEqualTo(body == null ? "" : body);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("riders")
  void failureIsOfTheTypesOfTheLibrary(Rider rider) throws Exception {
    rig.nobody();
    TestInstance gone = TestInstance.plain("gone");
    gone.close();
    assertThat(failure(rider, MESH)).isNotEmpty().isEqualTo(failure(rider, to(gone)));
  }

  private void answering(Function<Received, Reply> how) {
    rig.good().answering(how);
    reference.answering(how);
  }

  private String direct(Rider rider, @Nullable String body) {
    return outcome(rider, to(reference), body);
  }

  /** What the application sees, but for the authority that it called. */
  private static String outcome(Rider rider, String server, @Nullable String body) {
    String outcome;
    try {
      outcome = rider.call(body == null ? "GET" : "POST", server + "/x", body);
    } catch (Exception e) {
      outcome = e.getClass().getName() + ": " + e.getMessage();
    }
    return String.valueOf(outcome).replace(server, "SERVER");
  }

  private static List<String> failure(Rider rider, String server) {
    List<String> types = new ArrayList<>();
    try {
      rider.call("GET", server + "/x", null);
    } catch (Exception e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        types.add(cause.getClass().getName());
      }
    }
    return types;
  }

  private static String to(TestInstance instance) {
    return "http://127.0.0.1:" + instance.port();
  }

  private static List<String> headers(Received request) {
    return request.headers().stream()
        .map(e -> e.getKey().toLowerCase(java.util.Locale.ROOT) + ": " + e.getValue())
        .filter(h -> !NOT_THE_CALLERS.contains(h.substring(0, h.indexOf(':'))))
        .toList();
  }
}
