package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Received;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A second instance is asked beside one that is slow. Clients that cannot, state so. */
interface HedgingCases extends OutboundCases {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void slowInstanceIsHedged(boolean secured) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger arrived = new AtomicInteger();
    List<TestInstance> instances =
        List.of(rig().instance("orders", secured), rig().instance("orders", secured));
    for (TestInstance instance : instances) {
      instance.answering(
          r ->
              arrived.getAndIncrement() == 0
                  ? OutboundRig.late(new CountDownLatch(1), release)
                  : Reply.of(200, "hello"));
    }
    TrafficPolicy policy = TrafficPolicy.builder().hedgeAfterMillis(50).build();
    rig()
        .mesh()
        .clear()
        .service("orders", s -> s.trafficPolicy(policy), instances.get(0), instances.get(1))
        .apply();
    try {
      Result result = rig().client().send(Call.get("http://orders/").readTimeout(3_000));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.text()).isEqualTo("hello");
    } finally {
      release.countDown();
    }
    assertThat(instances).allSatisfy(i -> assertThat(i.requests()).hasSize(1));
    assertThat(marks(instances)).containsExactlyInAnyOrder("null", "2");
    await("the loser's connection to be closed, the winner's to be kept")
        .until(() -> instances.stream().mapToInt(TestInstance::openConnections).sum() == 1);
  }

  private static List<String> marks(List<TestInstance> instances) {
    Stream<Received> all = instances.stream().flatMap(i -> i.requests().stream());
    return all.map(r -> String.valueOf(r.header("x-envoy-attempt-count"))).toList();
  }
}
