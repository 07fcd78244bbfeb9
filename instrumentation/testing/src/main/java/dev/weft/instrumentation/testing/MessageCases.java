package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.dataplane.telemetry.TraceContext;
import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application says and what it hears passes the mesh unchanged. */
interface MessageCases extends OutboundCases {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void hostWithoutDnsIsReachedAndHostHeaderIsUnchanged(boolean secured) throws Exception {
    TestInstance orders = rig().orders(secured);
    Result result = rig().client().send(Call.get("http://orders:8080/a%20b/c?x=1&y=%2F"));
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.text()).isEqualTo("hello");
    assertThat(orders.last().header("Host")).isEqualTo("orders:8080");
    assertThat(orders.last().target()).isEqualTo("/a%20b/c?x=1&y=%2F");
    rig().client().send(Call.get("http://orders.shop/"));
    assertThat(orders.last().header("Host")).isEqualTo("orders.shop");
  }

  @Test
  default void theVersionOfTheAnswersProtocolIsTold() throws Exception {
    TestInstance orders = rig().orders(true);
    rig().mesh().protocols().clear();
    rig().client().send(Call.get("http://orders/"));
    orders.close();
    assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/"))).isNotNull();
    await()
        .untilAsserted(() -> assertThat(rig().mesh().protocols()).containsExactly("1.1", "null"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
  default void methodsArriveAsTheyAre(String method) throws Exception {
    TestInstance orders = rig().orders(true);
    Call call = Call.of(method, "http://orders/m");
    boolean body = method.equals("POST") || method.equals("PUT");
    Result result = rig().client().send(body ? call.body("b".getBytes(UTF_8)) : call);
    assertThat(result.status()).isEqualTo(200);
    assertThat(orders.last().method()).isEqualTo(method);
    assertThat(orders.last().body()).asString().isEqualTo(body ? "b" : "");
    assertThat(result.text()).isEqualTo(method.equals("HEAD") ? "" : "hello");
  }

  @Test
  default void headersPassInAnyCaseAndMoreThanOnce() throws Exception {
    TestInstance orders =
        rig()
            .orders(true)
            .answering(
                r -> Reply.of(200, "").with("X-Two", "a").with("x-two", "b").with("ETag", "e"));
    Result result =
        rig()
            .client()
            .send(
                Call.get("http://orders/")
                    .header("X-MiXed", "1")
                    .header("x-multi", "a")
                    .header("x-multi", "b"));
    assertThat(orders.last().values("x-mixed")).containsExactly("1");
    assertThat(orders.last().values("X-Multi")).containsExactly("a", "b");
    assertThat(result.values("x-two")).containsExactlyInAnyOrder("a", "b");
    assertThat(result.header("etag")).isEqualTo("e");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void bigBodiesPassBothWays(boolean stream) throws Exception {
    TestInstance orders = rig().orders(true).answering(r -> Reply.of(200, r.body()));
    Call call = Call.of("POST", "http://orders/");
    Result result =
        rig().client().send(stream ? call.stream(OutboundRig.BIG) : call.body(OutboundRig.BIG));
    assertThat(orders.last().body()).isEqualTo(OutboundRig.BIG);
    assertThat(result.body()).isEqualTo(OutboundRig.BIG);
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304, 200, 404, 500})
  default void statusesPassWithTheirBodies(int status) throws Exception {
    TestInstance orders = rig().orders(true).answering(r -> Reply.of(status, "it is " + status));
    for (int i = 0; i < 2; i++) {
      Result result = rig().client().send(Call.get("http://orders/"));
      assertThat(result.status()).isEqualTo(status);
      assertThat(result.text())
          .isEqualTo((status == 204 || status == 304) ? "" : "it is " + status);
    }
    assertThat(orders.connections()).isEqualTo(1);
  }

  @Test
  default void headersAreEditedByTheRoute() throws Exception {
    TestInstance orders =
        rig()
            .instance("orders", true)
            .answering(r -> Reply.of(200, "x").with("X-Gone", "1").with("X-Set", "old"));
    HeaderEdits edits =
        HeaderEdits.builder()
            .request(
                HeaderEdits.Edits.of(Map.of("x-set", "v"), Map.of("x-add", "w"), List.of("x-gone")))
            .response(
                HeaderEdits.Edits.of(Map.of("x-set", "r"), Map.of("x-add", "s"), List.of("x-gone")))
            .build();
    rig().route(r -> r.headers(edits), orders);
    Result result =
        rig()
            .client()
            .send(
                Call.get("http://orders/")
                    .header("X-Gone", "1")
                    .header("X-Add", "u")
                    .header("A", "b"));
    assertThat(orders.last().values("x-set")).containsExactly("v");
    assertThat(orders.last().values("x-add")).containsExactly("u", "w");
    assertThat(orders.last().values("x-gone")).isEmpty();
    assertThat(orders.last().header("a")).isEqualTo("b");
    assertThat(result.values("x-set")).containsExactly("r");
    assertThat(result.values("x-add")).containsExactly("s");
    assertThat(result.values("x-gone")).isEmpty();
    assertThat(result.text()).isEqualTo("x");
  }

  @Test
  default void traceOfTheCallingThreadIsJoined() throws Exception {
    TestInstance orders = rig().orders(true);
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    TraceContext served = TraceContext.parse(parent, null);
    assertThat(served).isNotNull();
    TraceContext before = TraceContext.swap(served);
    try {
      rig().client().send(Call.get("http://orders/"));
    } finally {
      TraceContext.swap(before);
    }
    assertThat(orders.last().header("traceparent")).contains("0af7651916cd43dd8448eb211c80319c");
    rig().client().send(Call.get("http://orders/"));
    assertThat(orders.last().header("traceparent")).isNull();
  }
}
