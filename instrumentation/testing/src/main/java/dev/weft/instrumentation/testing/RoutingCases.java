package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.DirectResponse;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route answers itself, and what it writes in the place of a path or host. */
interface RoutingCases extends OutboundCases {
  private static TestInstance moved(TestInstance instance, String from) {
    return instance.answering(
        r ->
            r.target().equals(from)
                ? Reply.of(302, "there").with("Location", "new")
                : Reply.of(200, "new"));
  }

  private static PathRewrite prefix(String from, String to) {
    return PathRewrite.builder().match(StringMatch.prefix(from)).value(to).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST"})
  default void responseOfTheRouteIsMadeHere(String method) throws Exception {
    TestInstance orders = rig().instance("orders", true);
    DirectResponse response =
        DirectResponse.builder()
            .status(299)
            .body(Base64.getEncoder().encodeToString("{\"ü\":1}".getBytes(UTF_8)))
            .build();
    HeaderEdits edits =
        HeaderEdits.builder()
            .response(
                HeaderEdits.Edits.of(
                    Map.of("content-type", "application/json"), Map.of("x-two", "b"), List.of()))
            .build();
    rig().route(r -> r.backends(List.of()).headers(edits).directResponse(response), orders);
    Call call = Call.of(method, "http://orders/");
    Result result = rig().client().send(method.equals("POST") ? call.body(new byte[9]) : call);
    assertThat(result.status()).isEqualTo(299);
    assertThat(result.header("content-type")).isEqualTo("application/json");
    assertThat(result.values("x-two")).containsExactly("b");
    assertThat(result.values("x-weft-rejection")).isEmpty();
    assertThat(result.text()).isEqualTo(method.equals("HEAD") ? "" : "{\"ü\":1}");
    assertThat(orders.connections()).isZero();
  }

  @Test
  default void redirectOfTheRouteIsFollowed() throws Exception {
    if (!rig().can(Ability.REDIRECTS)) {
      return;
    }
    TestInstance orders = rig().instance("orders", true);
    Route old =
        Route.builder()
            .matches(List.of(RouteMatch.builder().uri(StringMatch.prefix("/old")).build()))
            .redirect(Redirect.builder().status(302).path(prefix("/old", "/new")).build())
            .build();
    Backend backend = Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build();
    Route rest = Route.builder().backends(List.of(backend)).build();
    rig().mesh().clear().service("orders", s -> s.routes(List.of(old, rest)), orders).apply();
    Result result = rig().client().send(Call.get("http://orders:8080/old/a%20b?x=1"));
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.url()).isEqualTo("http://orders:8080/new/a%20b?x=1");
    assertThat(orders.last().target()).isEqualTo("/new/a%20b?x=1");
  }

  @Test
  default void redirectOfTheRouteIsLeftToAnApplicationThatWantsIt() throws Exception {
    TestInstance orders = rig().instance("orders", true);
    Redirect redirect = Redirect.builder().status(307).authority("stock").port(9090).build();
    rig().route(r -> r.backends(List.of()).redirect(redirect), orders);
    Result result = rig().client().send(Call.get("http://orders/a?b=c").notRedirected());
    assertThat(result.status()).isEqualTo(307);
    assertThat(result.header("location")).isEqualTo("http://stock:9090/a?b=c");
    assertThat(result.text()).isEmpty();
    assertThat(orders.connections()).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void pathOfTheRouteIsSentWithEveryAttempt(boolean secured) throws Exception {
    TestInstance orders = rig().instance("orders", secured);
    orders.answering(
        r -> orders.requests().size() % 2 == 1 ? Reply.of(503, "") : Reply.of(200, r.body()));
    RetryPolicy once = RetryPolicy.builder().attempts(1).retryOn(List.of("5xx")).build();
    Rewrite rewrite = Rewrite.builder().path(prefix("/api", "/v2/x%2Fy")).build();
    rig().route(r -> r.rewrite(rewrite).retries(once), orders);
    String url = "http://orders:8080/api/a%20b/c?x=1&y=%2F";
    Result got = rig().client().send(Call.get(url));
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.url()).as("what the application called").isEqualTo(url);
    Result put = rig().client().send(Call.of("PUT", url).body("b".getBytes(UTF_8)));
    assertThat(put.text()).isEqualTo("b");
    assertThat(orders.requests())
        .hasSize(4)
        .allSatisfy(
            r -> {
              assertThat(r.target()).isEqualTo("/v2/x%2Fy/a%20b/c?x=1&y=%2F");
              assertThat(r.values("Host")).containsExactly("orders:8080");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void hostOfTheRouteIsSent(boolean secured) throws Exception {
    TestInstance orders = rig().instance("orders", secured);
    Rewrite rewrite =
        Rewrite.builder()
            .authority("orders.internal:81")
            .path(PathRewrite.builder().value("/only").build())
            .build();
    rig().route(r -> r.rewrite(rewrite), orders);
    for (int i = 0; i < 2; i++) {
      assertThat(rig().client().send(Call.get("http://orders:8080/a?b=c")).text())
          .isEqualTo("hello");
      assertThat(orders.last().values("Host")).containsExactly("orders.internal:81");
      assertThat(orders.last().target()).isEqualTo("/only?b=c");
    }
    assertThat(orders.connections()).isEqualTo(1);
    Rewrite host = Rewrite.builder().authority("orders.internal").build();
    rig().route(r -> r.rewrite(host), orders);
    rig().client().send(Call.of("POST", "http://orders:8080/a?b=c").body(new byte[9]));
    assertThat(orders.last().values("Host")).containsExactly("orders.internal");
    assertThat(orders.last().target()).isEqualTo("/a?b=c");
  }

  @ParameterizedTest
  @CsvSource({"GET,,true", "POST,bytes,true", "PUT,stream,true", "POST,bytes,false"})
  default void aMirrorGetsWhatTheInstanceGot(String method, String body, boolean secured)
      throws Exception {
    TestInstance orders = rig().instance("orders", secured);
    TestInstance stock = rig().instance("stock", secured).answering(r -> Reply.of(500, "no"));
    mirroring(orders, stock, Rewrite.builder().path(prefix("/api", "/v2")).build());
    Call call = Call.of(method, "http://orders:8080/api/a?b=c").header("X-A", "1");
    byte[] bytes = "the body".getBytes(UTF_8);
    Result result =
        rig()
            .client()
            .send(
                body == null ? call : body.equals("bytes") ? call.body(bytes) : call.stream(bytes));
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.text()).isEqualTo("hello");
    await().untilAsserted(() -> assertThat(stock.requests()).hasSize(1));
    assertThat(orders.requests()).hasSize(1);
    assertThat(stock.last().method()).isEqualTo(method);
    assertThat(stock.last().target()).isEqualTo("/v2/a?b=c");
    assertThat(stock.last().values("Host")).containsExactly("orders-shadow:8080");
    assertThat(stock.last().values("X-A")).containsExactly("1");
    assertThat(stock.last().body()).isEqualTo(orders.last().body());
    assertThat(stock.last().header("Content-Type")).isEqualTo(orders.last().header("Content-Type"));
    assertThat(stock.last().peer()).isEqualTo(orders.last().peer());
  }

  @Test
  default void aMirrorThatHangsHoldsNobodyUp() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = rig().instance("orders", true);
    TestInstance stock = OutboundRig.hanging(rig().instance("stock", true), release);
    mirroring(orders, stock, null);
    try {
      for (int i = 0; i < 5; i++) {
        assertThat(rig().client().send(Call.get("http://orders/").readTimeout(5_000)).status())
            .isEqualTo(200);
      }
    } finally {
      release.countDown();
    }
  }

  private void mirroring(TestInstance orders, TestInstance stock, @Nullable Rewrite rewrite) {
    Backend backend = Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build();
    Mirror mirror = Mirror.builder().host("stock.shop.svc.cluster.local").build();
    Route route =
        Route.builder()
            .backends(List.of(backend))
            .mirrors(List.of(mirror))
            .rewrite(rewrite)
            .build();
    rig()
        .mesh()
        .clear()
        .service("orders", s -> s.routes(List.of(route)), orders)
        .service("stock", stock)
        .apply();
  }

  @Test
  default void redirectIsRelativeToThePathThatTheApplicationCalled() throws Exception {
    if (!rig().can(Ability.REDIRECTS)) {
      return;
    }
    rig()
        .needs(
            Ability.RELATIVE_REDIRECTS,
            place -> {
              moved(place.server(), "/api/old");
              Result result = rig().client().send(Call.get(place.url("/api/old")));
              assertThat(result.url()).isEqualTo(place.url("/api/new"));
            });
    if (!rig().can(Ability.RELATIVE_REDIRECTS)) {
      return;
    }
    TestInstance orders = moved(rig().instance("orders", true), "/v2/old");
    rig().route(r -> r.rewrite(Rewrite.builder().path(prefix("/api", "/v2")).build()), orders);
    Result result = rig().client().send(Call.get("http://orders/api/old"));
    assertThat(result.text()).isEqualTo("new");
    assertThat(result.url()).isEqualTo("http://orders/api/new");
    assertThat(orders.last().target()).isEqualTo("/v2/new");
    assertThat(orders.last().values("Host")).containsExactly("orders");
  }
}
