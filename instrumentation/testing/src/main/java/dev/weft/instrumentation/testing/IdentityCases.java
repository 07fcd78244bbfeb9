package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who calls and who answers is certain, at each moment. */
interface IdentityCases extends OutboundCases {
  @Test
  default void securedInstanceSeesTheIdentityOfTheCaller() throws Exception {
    TestInstance orders = rig().orders(true);
    rig().client().send(Call.get("http://orders:8080/"));
    assertThat(orders.handshakes()).isEqualTo(1);
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  default void newCertificateMeansNewConnections() throws Exception {
    TestInstance orders = rig().orders(true);
    for (int i = 1; i <= 4; i++) {
      assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
      assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
      assertThat(orders.handshakes()).isEqualTo(i);
      rig().mesh().rotate("caller");
    }
  }

  @Test
  default void anotherServerNameMeansAnotherConnection() throws Exception {
    TestInstance orders = rig().orders(true);
    for (String name : List.of("front.shop", "back.shop")) {
      TrafficPolicy policy =
          TrafficPolicy.builder()
              .tls(TlsMode.ISTIO_MUTUAL)
              .origination(TlsOrigination.builder().sni(name).build())
              .build();
      rig().mesh().clear().service("orders", s -> s.trafficPolicy(policy), orders).apply();
      for (int i = 0; i < 2; i++) {
        assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
      }
    }
    assertThat(orders.serverNames()).containsExactly("front.shop", "back.shop");
    assertThat(orders.requests()).hasSize(4);
  }

  @Test
  default void plaintextConnectionIsNotUsedOnceTheInstanceIsSecured() throws Exception {
    TestInstance plain = rig().orders(false);
    rig().client().send(Call.get("http://orders/"));
    TestInstance secured = rig().orders(true);
    for (int i = 0; i < 3; i++) {
      rig().client().send(Call.get("http://orders/"));
    }
    assertThat(plain.requests()).hasSize(1);
    assertThat(secured.requests()).hasSize(3).allMatch(r -> r.peer().equals("CN=caller"));
  }

  @Test
  default void instanceOfAnotherIdentityIsRefused() throws Exception {
    TestInstance impostor = rig().instance("impostor", true);
    rig()
        .mesh()
        .clear()
        .service("orders", TestAuthority.spiffeId("orders"), s -> s, impostor)
        .apply();
    Throwable failure = catchThrowable(() -> rig().client().send(Call.get("http://orders/")));
    assertThat(failure).isInstanceOf(javax.net.ssl.SSLException.class);
    assertThat(impostor.requests()).isEmpty();
  }

  @Test
  default void idleConnectionToAServerThatIsWithdrawnIsClosed() throws Exception {
    TestInstance orders = rig().orders(true);
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
    assertThat(orders.openConnections()).isEqualTo(1);
    try {
      rig().mesh().withdraw("orders");
      await().atMost(Duration.ofSeconds(5)).until(() -> orders.openConnections() == 0);
      assertThatThrownBy(() -> rig().client().send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class);
    } finally {
      rig().mesh().rotate("caller");
    }
    assertThat(orders.requests()).hasSize(1);
    assertThat(rig().client().send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @Test
  default void callUnderWayToAServerThatIsWithdrawnEnds() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = OutboundRig.hanging(rig().orders(true), arrived, release);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<Result> call =
          caller.submit(
              () -> rig().client().send(Call.of("POST", "http://orders/").body(new byte[] {1})));
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      rig().mesh().withdraw("orders");
      assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(IOException.class);
    } finally {
      release.countDown();
      caller.shutdown();
      rig().mesh().rotate("caller");
    }
    assertThat(orders.requests()).hasSize(1);
  }
}
