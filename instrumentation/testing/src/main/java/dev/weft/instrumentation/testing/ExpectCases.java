package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that asks before it sends a body: {@code Expect: 100-continue} (RFC 9110, 10.1.1). */
interface ExpectCases extends OutboundCases {
  private static Call asking(String url, byte[] body) {
    return Call.of("PUT", url).stream(body).expectingContinue();
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 200_000})
  default void bodyFollowsWhenTheServerAsksForIt(int size) throws Exception {
    byte[] body = new byte[size];
    rig()
        .needs(
            Ability.EXPECT_CONTINUE,
            place -> {
              for (int i = 1; i <= 2; i++) {
                Result result = rig().client().send(asking(place.url("/"), body));
                assertThat(result.status()).isEqualTo(200);
                assertThat(result.text()).isEqualTo("hello");
                assertThat(place.server().last().body()).isEqualTo(body);
                assertThat(place.server().continues()).isEqualTo(i);
              }
              assertThat(place.server().connections()).isEqualTo(1);
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {417, 401, 413})
  default void bodyStaysWhereItIsWhenTheServerRefuses(int status) throws Exception {
    rig()
        .needs(
            Ability.EXPECT_REFUSED,
            place -> {
              place.server().refusing(r -> Reply.of(status, "no").andClose());
              // More than the buffers of a connection take: who does not ask is cut off for sure.
              Call call = asking(place.url("/"), new byte[1 << 25]).readTimeout(3_000);
              Result result = rig().client().send(call);
              assertThat(result.status()).isEqualTo(status);
              assertThat(place.server().continues()).isZero();
              assertThat(place.server().requests()).hasSize(1);
              place.server().refusing(r -> null);
              assertThat(rig().client().send(Call.get(place.url("/"))).text()).isEqualTo("hello");
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void refusalThatMayBeRetriedIsRetriedWithTheBody(boolean asked) throws Exception {
    if (!rig().can(asked ? Ability.EXPECT_CONTINUE : Ability.EXPECT_REFUSED)) {
      return;
    }
    byte[] body = "asked twice".getBytes(UTF_8);
    TestInstance bad = rig().instance("orders", true);
    bad.answering(r -> Reply.of(503, "later"));
    bad.refusing(r -> asked ? null : Reply.of(503, "not now").andClose());
    TestInstance good = rig().instance("orders", true);
    rig().mesh().clear().service("orders", bad, good).apply();
    for (int i = 1; i <= 3 || bad.requests().isEmpty(); i++) {
      assertThat(i).as("calls that never met the bad instance").isLessThan(100);
      assertThat(rig().client().send(asking("http://orders/", body)).status()).isEqualTo(200);
      assertThat(good.last().body()).isEqualTo(body);
      assertThat(good.continues()).isEqualTo(i);
    }
  }
}
