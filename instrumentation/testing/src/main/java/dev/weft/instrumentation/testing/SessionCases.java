package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.ClientSetup.Credentials;
import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Received;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client remembers for the application: cookies and credentials belong to the service. */
interface SessionCases extends OutboundCases {
  @Test
  default void cookiesComeBackToTheService() throws Exception {
    rig()
        .needs(
            Ability.COOKIES,
            place -> {
              place
                  .server()
                  .answering(r -> Reply.of(200, "").with("Set-Cookie", "a=b; Path=/; HttpOnly"));
              try (ClientUnderTest client = rig().newClient(ClientSetup.plain().keepingCookies())) {
                client.send(Call.get(place.url("/login")));
                assertThat(place.server().last().header("Cookie")).isNull();
                client.send(Call.get(place.url("/x")));
                assertThat(place.server().last().header("Cookie")).contains("a=").contains("b");
                assertThat(place.server().last().values("Cookie")).hasSize(1);
              }
            });
  }

  @Test
  default void cookiesGoToEachInstanceAndToNoOtherService() throws Exception {
    if (!rig().can(Ability.COOKIES)) {
      return;
    }
    TestInstance one = rig().instance("orders", true);
    TestInstance two = rig().instance("orders", true);
    TestInstance stock = rig().instance("stock", true);
    rig().mesh().clear().service("orders", one, two).service("stock", stock).apply();
    one.answering(r -> Reply.of(200, "").with("Set-Cookie", "a=b"));
    two.answering(r -> Reply.of(200, "").with("Set-Cookie", "a=b"));
    try (ClientUnderTest client = rig().newClient(ClientSetup.plain().keepingCookies())) {
      for (int i = 0; i < 20; i++) {
        client.send(Call.get("http://orders/"));
      }
      client.send(Call.get("http://stock/"));
    }
    long without =
        one.requests().stream().filter(r -> r.header("Cookie") == null).count()
            + two.requests().stream().filter(r -> r.header("Cookie") == null).count();
    assertThat(without).as("requests before there was a cookie").isEqualTo(1);
    assertThat(two.requests()).isNotEmpty();
    assertThat(stock.last().header("Cookie")).isNull();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void challengeIsAnsweredWithTheApplicationsCredentials(boolean body) throws Exception {
    rig()
        .needs(
            Ability.AUTHENTICATION,
            place -> {
              place.server().answering(SessionCases::challenge);
              try (ClientUnderTest client =
                  rig().newClient(ClientSetup.plain().with(new Credentials("u", "p")))) {
                Call call = Call.of(body ? "POST" : "GET", place.url("/secret"));
                Result result = client.send(body ? call.body("b".getBytes(UTF_8)) : call);
                assertThat(result.status()).isEqualTo(200);
                assertThat(result.text()).isEqualTo("you");
                assertThat(place.server().last().body()).asString().isEqualTo(body ? "b" : "");
              }
              assertThat(place.server().requests()).hasSize(2);
            });
  }

  private static Reply challenge(Received request) {
    String expected = "Basic " + Base64.getEncoder().encodeToString("u:p".getBytes(UTF_8));
    return expected.equals(request.header("Authorization"))
        ? Reply.of(200, "you")
        : Reply.of(401, "who").with("WWW-Authenticate", "Basic realm=\"r\"");
  }

  @Test
  default void challengeWithoutCredentialsReachesTheApplication() throws Exception {
    rig().orders(true).answering(SessionCases::challenge);
    Result result = rig().client().send(Call.get("http://orders/"));
    assertThat(result.status()).isEqualTo(401);
    assertThat(result.header("WWW-Authenticate")).isEqualTo("Basic realm=\"r\"");
    assertThat(result.text()).isEqualTo("who");
  }
}
