package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails is hidden by another attempt where that is safe, and only there. */
interface RetryCases extends OutboundCases {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void failingInstanceIsHiddenByARetryAtAnother(boolean secured) throws Exception {
    TestInstance bad = rig().instance("orders", secured).answering(r -> Reply.of(503, "no"));
    TestInstance good = rig().instance("orders", secured);
    rig().mesh().clear().service("orders", bad, good).apply();
    for (int i = 0; i < 4; i++) {
      Result result = rig().client().send(Call.get("http://orders/"));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.text()).isEqualTo("hello");
    }
    assertThat(good.requests()).hasSize(4);
    assertThat(bad.connections()).as("connections of discarded responses").isLessThanOrEqualTo(1);
  }

  /** Its connection is not kept waiting either: the next attempt may need its place in the pool. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void answerThatIsRetriedIsNotWaitedFor(boolean chunked) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = rig().orders(true);
    Reply stalls = Reply.of(503, "never ends").stalling(() -> OutboundRig.await(release));
    orders.answering(
        r ->
            orders.requests().size() != 2
                ? Reply.of(200, "hello")
                : chunked ? stalls.chunked() : stalls);
    try (ClientUnderTest client = rig().newClient(ClientSetup.plain().with(1, 5_000))) {
      client.send(Call.get("http://orders/"));
      long begin = System.nanoTime();
      Result result = client.send(Call.get("http://orders/"));
      assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(2));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.text()).isEqualTo("hello");
      assertThat(orders.requests()).hasSize(3);
    } finally {
      release.countDown();
    }
  }

  @Test
  default void bodyIsSentAgainWithARetry() throws Exception {
    TestInstance bad = rig().instance("orders", true).answering(r -> Reply.of(503, "no"));
    TestInstance good = rig().instance("orders", true);
    rig().mesh().clear().service("orders", bad, good).apply();
    for (int i = 0; i < 3; i++) {
      byte[] bytes = ("body " + i).getBytes(UTF_8);
      assertThat(rig().client().send(Call.of("PUT", "http://orders/").body(bytes)).status())
          .isEqualTo(200);
      assertThat(good.last().body()).isEqualTo(bytes);
    }
  }

  @Test
  default void oneShotBodyIsSentAgainOutOfTheReplayBuffer() throws Exception {
    TestInstance bad = rig().instance("orders", true).answering(r -> Reply.of(503, "no"));
    TestInstance good = rig().instance("orders", true);
    rig().mesh().clear().service("orders", bad, good).apply();
    for (int i = 0; i < 3; i++) {
      byte[] bytes = ("stream " + i).getBytes(UTF_8);
      assertThat(rig().client().send(Call.of("PUT", "http://orders/").stream(bytes)).status())
          .isEqualTo(200);
      assertThat(good.last().body()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void bodyBeyondTheReplayBufferIsNotRetried(boolean stream) throws Exception {
    TestInstance orders = rig().orders(true).answering(r -> Reply.of(503, "no"));
    Call call = Call.of("PUT", "http://orders/");
    Result result =
        rig()
            .client()
            .send(
                stream ? call.stream(OutboundRig.OVER_REPLAY) : call.body(OutboundRig.OVER_REPLAY));
    assertThat(result.status()).isEqualTo(503);
    assertThat(orders.requests()).hasSize(1);
    assertThat(orders.last().body()).isEqualTo(OutboundRig.OVER_REPLAY);
  }

  @Test
  default void lastAnswerReachesTheApplicationWhenRetriesAreUsedUp() throws Exception {
    TestInstance orders = rig().orders(true).answering(r -> Reply.of(503, "still no"));
    Result result = rig().client().send(Call.get("http://orders/"));
    assertThat(result.status()).isEqualTo(503);
    assertThat(result.text()).isEqualTo("still no");
    assertThat(orders.requests()).hasSize(3);
    assertThat(orders.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  default void refusedConnectionIsRetriedAtAnother(String method) throws Exception {
    TestInstance gone = rig().instance("orders", true);
    TestInstance good = rig().instance("orders", true);
    rig().mesh().clear().service("orders", gone, good).apply();
    gone.close();
    for (int i = 0; i < 4; i++) {
      Call call = Call.of(method, "http://orders/");
      assertThat(
              rig()
                  .client()
                  .send(method.equals("POST") ? call.stream("p".getBytes(UTF_8)) : call)
                  .status())
          .isEqualTo(200);
    }
    assertThat(good.requests()).hasSize(4);
  }

  @Test
  default void nothingListensIsTheClientsOwnException() throws Exception {
    rig().orders(true).close();
    assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/")))
        .isInstanceOf(rig().client().connectFailure());
  }

  @Test
  default void postThatMayHaveArrivedIsNotSentToAnother() throws Exception {
    TestInstance one = rig().instance("orders", true).answering(r -> Reply.hangUp());
    TestInstance two = rig().instance("orders", true).answering(r -> Reply.hangUp());
    rig().mesh().clear().service("orders", one, two).apply();
    assertThatThrownBy(
            () ->
                rig().client().send(Call.of("POST", "http://orders/").stream("p".getBytes(UTF_8))))
        .isInstanceOf(IOException.class);
    assertThat(one.requests().isEmpty() || two.requests().isEmpty()).isTrue();
  }
}
