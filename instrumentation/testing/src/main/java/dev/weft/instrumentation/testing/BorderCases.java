package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bootstrap.CallDepth;
import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Redirects into, within and out of the mesh; what is outside stays as it is. */
interface BorderCases extends OutboundCases {
  @Test
  default void redirectIsFollowedWithinAHost() throws Exception {
    rig()
        .needs(
            Ability.REDIRECTS,
            place -> {
              place
                  .server()
                  .answering(
                      r ->
                          r.target().equals("/old")
                              ? Reply.of(302, "there").with("Location", "/new?a=b")
                              : Reply.of(200, r.target()));
              Result result = rig().client().send(Call.get(place.url("/old")));
              assertThat(result.text()).isEqualTo("/new?a=b");
              assertThat(result.url()).isEqualTo(place.url("/new?a=b"));
              assertThat(place.server().connections()).isEqualTo(1);
            });
  }

  @Test
  default void redirectGoesToAnotherHostOfTheMesh() throws Exception {
    if (!rig().can(Ability.REDIRECTS)) {
      return;
    }
    TestInstance stock = rig().instance("stock", true).answering(r -> Reply.of(200, "stock"));
    TestInstance orders =
        rig()
            .instance("orders", true)
            .answering(r -> Reply.of(302, "there").with("Location", "http://stock:9090/x"));
    rig().mesh().clear().service("orders", orders).service("stock", stock).apply();
    for (int i = 0; i < 6; i++) {
      Result result = rig().client().send(Call.get("http://orders/"));
      assertThat(result.text()).isEqualTo("stock");
      assertThat(result.url()).isEqualTo("http://stock:9090/x");
      assertThat(stock.last().header("Host")).isEqualTo("stock:9090");
    }
    // A client may go on while the body of the redirect is still to come on the first connection.
    assertThat(orders.connections()).isLessThanOrEqualTo(2);
    assertThat(stock.connections()).isLessThanOrEqualTo(2);
  }

  @Test
  default void redirectCrossesTheBorderBothWays() throws Exception {
    if (!rig().can(Ability.REDIRECTS)) {
      return;
    }
    TestInstance outside = rig().instance("outside", false);
    TestInstance orders = rig().orders(true);
    String url = "http://127.0.0.1:" + outside.port() + "/out";
    orders.answering(r -> Reply.of(302, "").with("Location", url));
    assertThat(rig().client().send(Call.get("http://orders/")).text()).isEqualTo("hello");
    orders.answering(r -> Reply.of(200, "inside"));
    outside.answering(r -> Reply.of(302, "").with("Location", "http://orders:8080/in"));
    assertThat(rig().client().send(Call.get(url)).text()).isEqualTo("inside");
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  default void redirectIsLeftToAnApplicationThatWantsIt() throws Exception {
    rig().orders(true).answering(r -> Reply.of(302, "").with("Location", "http://nowhere/"));
    Result result = rig().client().send(Call.get("http://orders/").notRedirected());
    assertThat(result.status()).isEqualTo(302);
    assertThat(result.header("location")).isEqualTo("http://nowhere/");
  }

  @Test
  default void hostOutsideTheMeshIsUntouched() throws Exception {
    rig().orders(true);
    TestInstance outside = rig().instance("outside", false);
    Call call =
        Call.of("POST", "http://127.0.0.1:" + outside.port() + "/p?q")
            .header("X-A", "1")
            .body("x".getBytes(UTF_8));
    rig().client().send(call);
    List<Map.Entry<String, String>> woven = outside.last().headers();
    Result aside;
    CallDepth.Scope own = CallDepth.agentTraffic();
    try {
      aside = rig().client().send(call);
    } finally {
      own.close();
    }
    assertThat(aside.status()).isEqualTo(200);
    assertThat(woven).isEqualTo(outside.last().headers());
    assertThat(woven).noneMatch(e -> e.getKey().toLowerCase(Locale.ROOT).startsWith("traceparent"));
    assertThat(outside.connections()).isEqualTo(1);
  }

  @Test
  default void hostThatNobodyKnowsFailsAsEver() throws Exception {
    rig().orders(true);
    assertThatThrownBy(() -> rig().client().send(Call.get("http://nobody.invalid/")))
        .isInstanceOf(rig().client().unknownHost());
  }

  @Test
  default void httpsOfTheApplicationIsItsOwn() throws Exception {
    TestInstance orders = rig().orders(true);
    assertThatThrownBy(() -> rig().client().send(Call.get("https://orders:8443/")))
        .isInstanceOf(rig().client().unknownHost());
    assertThat(orders.connections()).isZero();
  }

  @Test
  default void proxyOfTheApplicationIsNotForTheMesh() throws Exception {
    TestInstance orders = rig().orders(true);
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", "1");
    try (ClientUnderTest proxied = rig().newClient(ClientSetup.plain())) {
      assertThat(proxied.send(Call.get("http://orders/p")).status()).isEqualTo(200);
      assertThat(orders.last().target()).isEqualTo("/p");
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }
}
