package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.LoadBalancer;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BlockingDriverTest {
  private final FakeMesh mesh = new FakeMesh();

  private static Route.Builder toOrders() {
    return Route.builder()
        .name("r")
        .backends(
            Collections.singletonList(Backend.builder().host(FakeMesh.HOST).weight(1).build()));
  }

  private static RetryPolicy.Builder retries(int attempts, String... words) {
    return RetryPolicy.builder().attempts(attempts).retryOn(Arrays.asList(words));
  }

  private String flags() {
    return ResponseFlag.text(mesh.last().flags());
  }

  @Test
  void answersPassThrough() throws Exception {
    mesh.endpoints(3);
    assertThat(mesh.call(FakeRequest.get(), attempt -> 200)).isEqualTo(200);
    assertThat(mesh.last().attempts()).isEqualTo(1);
    assertThat(flags()).isEqualTo("-");
  }

  @Test
  void whatTheMeshDoesNotKnowIsNotResolved() {
    mesh.endpoints(1);
    BlockingDriver driver = mesh.side().blocking();
    assertThat(driver.resolve("http", "payments")).isNull();
    assertThat(driver.resolve("https", "orders")).isNull();
    assertThat(driver.resolve("http", "Orders.Shop.:8080")).isNotNull();
  }

  @Test
  void whatTheMeshDoesNotKnowIsRefusedWhereOnlyTheRegistryCounts() throws Exception {
    Service left =
        Service.builder()
            .host("api.example.com")
            .authorities(Collections.singletonList("api.example.com"))
            .ports(Collections.singletonList(80))
            .trafficPolicy(TrafficPolicy.builder().loadBalancer(LoadBalancer.PASSTHROUGH).build())
            .build();
    Service wild =
        left.toBuilder()
            .host("*.wild.example|untouched")
            .authorities(Collections.singletonList("*.wild.example"))
            .ports(Collections.singletonList(443))
            .build();
    Service range =
        left.toBuilder()
            .host("range.example|untouched")
            .authorities(Arrays.asList("range.example", "192.0.2.0/24", "2001:db8::/32"))
            .ports(Collections.singletonList(9000))
            .build();
    mesh.snapshots.apply(
        Snapshot.builder()
            .version(1)
            .services(Arrays.asList(FakeMesh.orders().build(), left, wild, range))
            .outbound(OutboundTrafficPolicy.REGISTRY_ONLY)
            .build());
    BlockingDriver driver = mesh.side().blocking();
    assertThat(driver.resolve("http", "orders").service().refusesCalls()).isFalse();
    for (String passed :
        Arrays.asList(
            "localhost:8080", "LOCALHOST", "127.0.0.1:1", "[::1]:80", "api.example.com")) {
      assertThat(driver.resolve("http", passed)).as(passed).isNull();
    }
    assertThat(driver.resolve("https", "orders")).as("its own TLS").isNull();
    assertThat(driver.resolve("https", "api.example.com")).as("another port").isNotNull();
    assertThat(driver.resolve("https", "a.Wild.example")).isNull();
    assertThat(driver.resolve("https", "wild.example")).as("not itself").isNotNull();
    assertThat(driver.resolve("http", "a.wild.example")).as("another port").isNotNull();
    for (String passed :
        Arrays.asList("192.0.2.7:9000", "[2001:db8::1]:9000", "range.example:9000")) {
      assertThat(driver.resolve("http", passed)).as(passed).isNull();
    }
    for (String refused : Arrays.asList("192.0.2.7", "192.0.3.7:9000", "[2001:db9::1]:9000")) {
      assertThat(driver.resolve("http", refused)).as(refused).isNotNull();
    }
    Target unknown = driver.resolve("https", "elsewhere.example");
    FakeRequest request = new FakeRequest("GET", "elsewhere.example", "/");
    assertThat(driver.execute(unknown, request, new FakeMesh.FakeCall(attempt -> 200)))
        .isEqualTo(502);
    assertThat(flags()).isEqualTo("NR");
    assertThat(mesh.last().attempts()).isZero();
    mesh.endpoints(1);
    assertThat(driver.execute(unknown, request, new FakeMesh.FakeCall(attempt -> 200)))
        .as("the policy has gone while the call was prepared")
        .isEqualTo(503);
  }

  @Test
  void withoutEndpointTheAnswerIs503UH() throws Exception {
    mesh.endpoints(0);
    assertThat(mesh.call(FakeRequest.get(), attempt -> 200)).isEqualTo(503);
    assertThat(flags()).isEqualTo("UH");
  }

  @Test
  void connectFailureGoesToAnotherEndpointEvenForPost() throws Exception {
    mesh.endpoints(3);
    Set<Integer> tried = new HashSet<>();
    int status =
        mesh.call(
            FakeRequest.post(),
            attempt -> {
              assertThat(tried.add(attempt.port())).isTrue();
              if (tried.size() < 3) {
                throw new ConnectException("Connection refused");
              }
              return 200;
            });
    assertThat(status).isEqualTo(200);
    assertThat(mesh.parked).hasSize(2).allMatch(nanos -> nanos < 50_000_000);
  }

  @Test
  void resetIsRetriedForGetButNotForPost() throws Exception {
    mesh.endpoints(2);
    int[] sent = new int[1];
    FakeMesh.Callee resetsOnce =
        attempt -> {
          if (sent[0]++ == 0) {
            throw new SocketException("Connection reset");
          }
          return 200;
        };
    assertThat(mesh.call(FakeRequest.get(), resetsOnce)).isEqualTo(200);
    sent[0] = 0;
    assertThatThrownBy(() -> mesh.call(FakeRequest.post(), resetsOnce))
        .isInstanceOf(SocketException.class)
        .hasMessage("Connection reset");
    assertThat(sent[0]).isEqualTo(1);
    assertThat(flags()).isEqualTo("UC");
  }

  @Test
  void unreplayableIsSentOnce() throws Exception {
    mesh.endpoints(2);
    FakeRequest request = FakeRequest.get();
    request.replayable = false;
    int[] sent = new int[1];
    assertThat(mesh.call(request, attempt -> sent[0]++ == 0 ? 503 : 200)).isEqualTo(503);
    assertThat(sent[0]).isEqualTo(1);
  }

  @Test
  void exhaustedRetriesGiveTheLastAnswerAndURX() throws Exception {
    mesh.route(2, toOrders().retries(retries(3, "5xx").build()).build());
    int[] sent = new int[1];
    assertThat(
            mesh.call(
                FakeRequest.get(),
                attempt -> {
                  sent[0]++;
                  return 500;
                }))
        .isEqualTo(500);
    assertThat(sent[0]).isEqualTo(4);
    assertThat(flags()).isEqualTo("URX");
  }

  @Test
  void deadlineIsNeverExceededByRetries() throws Exception {
    mesh.route(
        3,
        toOrders()
            .timeoutMillis(1_000)
            .retries(retries(50, "5xx").perTryTimeoutMillis(300).build())
            .build());
    long start = mesh.now();
    List<Long> allowed = new ArrayList<>();
    int status =
        mesh.call(
            FakeRequest.get(),
            attempt -> {
              assertThat(mesh.now() - start).isLessThan(TimeUnit.SECONDS.toNanos(1));
              allowed.add(attempt.timeoutMillis());
              mesh.advanceMillis(attempt.timeoutMillis());
              throw new SocketTimeoutException("Read timed out");
            });
    assertThat(status).isEqualTo(504);
    assertThat(flags()).contains("UT");
    assertThat(mesh.now() - start).isLessThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(1_000));
    assertThat(allowed).allMatch(millis -> millis <= 300).hasSizeGreaterThan(2);
  }

  @Test
  void theCallersDeadlineBindsTooAndIsToldOn() throws Exception {
    mesh.endpoints(1);
    RequestContext before =
        RequestContext.of(mesh.now() + TimeUnit.MILLISECONDS.toNanos(70)).attach();
    try {
      FakeRequest request = FakeRequest.get();
      mesh.call(request, attempt -> 200);
      assertThat(request.header(RequestContext.DEADLINE_HEADER)).isEqualTo("70");
      mesh.advanceMillis(71);
      assertThat(mesh.call(FakeRequest.get(), attempt -> 200)).isEqualTo(504);
      assertThat(flags()).isEqualTo("DT");
    } finally {
      RequestContext.restore(before);
    }
  }

  @Test
  void aRetrySaysThatItIsOneAndSoDoCallsMadeForIt() throws Exception {
    mesh.endpoints(2);
    FakeRequest request = FakeRequest.get();
    List<String> told = new ArrayList<>();
    mesh.call(
        request,
        attempt -> {
          told.add(String.valueOf(request.header(RequestContext.ATTEMPT_HEADER)));
          return told.size() < 3 ? 503 : 200;
        });
    assertThat(told).containsExactly("null", "2", "3");
    RequestContext before = RequestContext.of(RequestContext.NO_DEADLINE, true, () -> {}).attach();
    try {
      FakeRequest within = FakeRequest.get();
      assertThat(mesh.call(within, attempt -> 503)).as("repeated further up").isEqualTo(503);
      assertThat(mesh.last().attempts()).isEqualTo(1);
      assertThat(flags()).isEqualTo("UO");
      assertThat(within.header(RequestContext.ATTEMPT_HEADER)).isEqualTo("2");
      int[] sent = new int[1];
      FakeMesh.Callee refusesOnce =
          attempt -> {
            if (sent[0]++ == 0) {
              throw new ConnectException("Connection refused");
            }
            return 200;
          };
      assertThat(mesh.call(FakeRequest.get(), refusesOnce)).as("was no load").isEqualTo(200);
    } finally {
      RequestContext.restore(before);
    }
  }

  /** Its answers say that the hop before has repeated what is worth it. */
  private static final class Overloaded extends FakeMesh.FakeCall {
    int sent;

    Overloaded(int status) {
      super(attempt -> status);
    }

    @Override
    public Integer send(Attempt attempt) throws Exception {
      sent++;
      return super.send(attempt);
    }

    @Override
    public String header(Integer response, String name) {
      return name.equals(RequestContext.OVERLOADED_HEADER) ? "true" : null;
    }
  }

  @Test
  void whatWasGivenUpFurtherOnIsNotRepeatedAndSaidOn() throws Exception {
    mesh.route(2, toOrders().retries(retries(3, "5xx", "retriable-4xx").build()).build());
    AtomicBoolean givenUp = new AtomicBoolean();
    RequestContext before = noting(givenUp).attach();
    try {
      Overloaded call = new Overloaded(503);
      assertThat(mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), call))
          .isEqualTo(503);
      assertThat(call.sent).isEqualTo(1);
      assertThat(flags()).isEqualTo("UO");
      assertThat(givenUp).isTrue();
      Overloaded conflict = new Overloaded(409);
      mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), conflict);
      assertThat(conflict.sent).as("the words are about failures of servers").isEqualTo(4);
    } finally {
      RequestContext.restore(before);
    }
  }

  @Test
  void onlyWhatTheCalleeDidNotServeIsGivenUp() throws Exception {
    mesh.route(2, toOrders().retries(retries(1, "5xx").build()).build());
    assertThat(givesUp(attempt -> 200)).isFalse();
    assertThat(givesUp(attempt -> 404)).isFalse();
    assertThat(givesUp(attempt -> attempt.number() == 1 ? 503 : 200)).isFalse();
    assertThat(givesUp(attempt -> 503)).as("after its retry").isTrue();
    FakeMesh.Callee unreachable =
        attempt -> {
          throw new ConnectException("Connection refused");
        };
    assertThatThrownBy(() -> givesUp(unreachable)).isInstanceOf(ConnectException.class);
    assertThat(lastGivenUp).as("another instance may reach it").isFalse();
    mesh.route(2, toOrders().retries(retries(1, "reset").build()).build());
    assertThat(givesUp(attempt -> 503)).as("policy wants no retry").isFalse();
  }

  private final AtomicBoolean lastGivenUp = new AtomicBoolean();

  private static RequestContext noting(AtomicBoolean givenUp) {
    return RequestContext.of(RequestContext.NO_DEADLINE, false, () -> givenUp.set(true));
  }

  private boolean givesUp(FakeMesh.Callee callee) throws Exception {
    lastGivenUp.set(false);
    RequestContext before = noting(lastGivenUp).attach();
    try {
      mesh.call(FakeRequest.get(), callee);
    } finally {
      RequestContext.restore(before);
    }
    return lastGivenUp.get();
  }

  @Test
  void theApplicationsOwnTimeoutStaysItsException() throws Exception {
    mesh.route(2, toOrders().retries(retries(3, "5xx").build()).build());
    assertThatThrownBy(
            () ->
                mesh.call(
                    FakeRequest.get(),
                    attempt -> {
                      mesh.advanceMillis(10);
                      throw new SocketTimeoutException("Read timed out");
                    }))
        .isInstanceOf(SocketTimeoutException.class);
    assertThat(mesh.last().attempts()).isEqualTo(1);
  }

  @Test
  void faultsDelayAndAbort() throws Exception {
    mesh.route(
        1,
        toOrders()
            .fault(
                Fault.builder()
                    .delayMillis(40)
                    .delayPercent(100)
                    .abortStatus(418)
                    .abortPercent(100)
                    .build())
            .build());
    assertThat(mesh.call(FakeRequest.get(), attempt -> 200)).isEqualTo(418);
    assertThat(flags()).isEqualTo("DI,FI");
    assertThat(mesh.parked).containsExactly(TimeUnit.MILLISECONDS.toNanos(40));
  }

  @Test
  void abortWithAStatusOfGrpcIs200ToOthers() throws Exception {
    Fault fault = Fault.builder().abortGrpcStatus(14).abortPercent(100).build();
    mesh.route(1, toOrders().fault(fault).build());
    assertThat(mesh.call(FakeRequest.get(), attempt -> 503)).isEqualTo(200);
    assertThat(flags()).isEqualTo("FI");
    assertThat(mesh.last().attempts()).isZero();
    assertThat(mesh.last().reply().grpcStatus()).isEqualTo(14);
  }

  @Test
  void interruptedWaitIsAnIoFailureAndKeepsTheFlag() throws Exception {
    mesh.route(
        1, toOrders().fault(Fault.builder().delayMillis(40).delayPercent(100).build()).build());
    OutboundSide side =
        OutboundSide.of(
            mesh.snapshots,
            mesh::now,
            mesh.random,
            MeshTimer.daemon(),
            nanos -> {
              throw new InterruptedException();
            },
            ClientSecurity.NONE,
            failure -> null,
            ExchangeObserver.NONE,
            Mirroring.of(TransportSecurity.of(Clock.systemUTC()), MirrorObserver.NONE));
    assertThatThrownBy(
            () ->
                side.blocking()
                    .execute(
                        mesh.target(), FakeRequest.get(), new FakeMesh.FakeCall(attempt -> 200)))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void bulkheadRefusesTheCallTooMany() throws Exception {
    mesh.policy(
        1,
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().http2MaxRequests(1).build())
            .build());
    int[] inner = new int[1];
    int outer =
        mesh.call(
            FakeRequest.get(),
            attempt -> {
              inner[0] = mesh.call(FakeRequest.get(), nested -> 200);
              return 200;
            });
    assertThat(outer).isEqualTo(200);
    assertThat(inner[0]).isEqualTo(503);
    assertThat(mesh.call(FakeRequest.get(), attempt -> 200)).isEqualTo(200);
  }

  /** On a thread of its own: who waited for a place here could not be interrupted. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aSmallerBulkheadHoldsAtOnceAndWaitsForNobody() throws Exception {
    atMost(3);
    int[] whileTwo = new int[1];
    int[] whileOne = new int[1];
    int outer =
        mesh.call(
            FakeRequest.get(),
            attempt -> {
              mesh.call(
                  FakeRequest.get(),
                  nested -> {
                    atMost(1);
                    whileTwo[0] = mesh.call(FakeRequest.get(), third -> 200);
                    return 200;
                  });
              whileOne[0] = mesh.call(FakeRequest.get(), second -> 200);
              return 200;
            });
    assertThat(outer).isEqualTo(200);
    assertThat(whileTwo[0]).isEqualTo(503);
    assertThat(whileOne[0]).isEqualTo(503);
    assertThat(mesh.call(FakeRequest.get(), attempt -> 200)).isEqualTo(200);
  }

  private void atMost(int calls) {
    mesh.policy(
        1,
        TrafficPolicy.builder()
            .connectionPool(ConnectionPool.builder().http2MaxRequests(calls).build())
            .build());
  }

  @Test
  void anEndpointThatFailsIsEjectedAndComesBackByAProbe() throws Exception {
    mesh.policy(3, outliers(5, 50));
    FakeMesh.Callee third = attempt -> attempt.port() == 9003 ? 500 : 200;
    for (int i = 0; i < 200; i++) {
      mesh.call(FakeRequest.get(), third);
    }
    int[] hits = new int[1];
    for (int i = 0; i < 200; i++) {
      mesh.call(
          FakeRequest.get(),
          attempt -> {
            hits[0] += attempt.port() == 9003 ? 1 : 0;
            return 200;
          });
    }
    assertThat(hits[0]).isZero();
    mesh.endpoints(3);
    mesh.policy(3, outliers(5, 50));
    assertThat(mesh.target().service().whole().endpoint(2).state().ejected()).isTrue();
    mesh.advanceMillis(30_001);
    for (int i = 0; i < 200; i++) {
      mesh.call(FakeRequest.get(), attempt -> 200);
    }
    assertThat(mesh.target().service().whole().endpoint(2).state().ejected()).isFalse();
  }

  @Test
  void whenAllButOneAreOutARetryMayGoToTheSameOneAgain() throws Exception {
    mesh.endpoints(1);
    int[] sent = new int[1];
    assertThat(mesh.call(FakeRequest.get(), attempt -> sent[0]++ == 0 ? 503 : 200)).isEqualTo(200);
    assertThat(sent[0]).isEqualTo(2);
  }

  @Test
  void aPolicyThatNamesNoConditionRepeatsResetsOfIdempotentCalls() throws Exception {
    RetryPolicy three = RetryPolicy.defaults().toBuilder().attempts(3).build();
    mesh.route(2, toOrders().retries(three).build());
    int[] sent = new int[1];
    int status =
        mesh.call(
            FakeRequest.get(),
            attempt -> {
              if (sent[0]++ == 0) {
                throw new SocketException("Connection reset");
              }
              return 200;
            });
    assertThat(status).isEqualTo(200);
  }

  @Test
  void aDiscardThatTakesLongIsAborted() throws Exception {
    mesh.endpoints(2);
    List<String> happened = new ArrayList<>();
    FakeMesh.FakeCall call =
        new FakeMesh.FakeCall(
            attempt -> {
              attempt.onTimeout(() -> happened.add("abort of " + attempt.number()));
              return attempt.number() == 1 ? 503 : 200;
            });
    call.onDiscard =
        () -> {
          mesh.advanceMillis(99);
          happened.add("reads");
          mesh.advanceMillis(2);
        };
    assertThat(mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), call))
        .isEqualTo(200);
    mesh.advanceMillis(1_000);
    assertThat(happened).containsExactly("reads", "abort of 1");
  }

  @Test
  void aDiscardInTimeIsNotAborted() throws Exception {
    mesh.endpoints(2);
    List<Integer> aborted = new ArrayList<>();
    FakeMesh.Callee failsOnce =
        attempt -> {
          attempt.onTimeout(() -> aborted.add(attempt.number()));
          return attempt.number() == 1 ? 503 : 200;
        };
    assertThat(mesh.call(FakeRequest.get(), failsOnce)).isEqualTo(200);
    mesh.advanceMillis(1_000);
    assertThat(aborted).isEmpty();
    assertThat(mesh.tasks).isEmpty();
  }

  @Test
  void notMoreThanTheCapIsEjectedWhenAllFail() throws Exception {
    mesh.policy(10, outliers(5, 50));
    for (int i = 0; i < 2_000; i++) {
      mesh.call(FakeRequest.get(), attempt -> 500);
    }
    int ejected = 0;
    for (int i = 0; i < 10; i++) {
      ejected += mesh.target().service().whole().endpoint(i).state().ejected() ? 1 : 0;
    }
    assertThat(ejected).isEqualTo(5);
  }

  @Test
  void retriesEndUnderTotalFailure() throws Exception {
    mesh.route(3, toOrders().retries(retries(3, "5xx").build()).build());
    int[] sent = new int[1];
    int calls = 20_000;
    for (int i = 0; i < calls; i++) {
      mesh.call(
          FakeRequest.get(),
          attempt -> {
            sent[0]++;
            return 503;
          });
      mesh.advance(1_000_000);
    }
    // The budget would allow a fifth; where all attempts fail, the pace ends them (ADR 0185).
    int retried = sent[0] - calls;
    assertThat(retried).as("a few, until it is known that they do not help").isBetween(3, 100);
    assertThat(flags()).contains("UO");
  }

  @Test
  void mtlsIsNeverReplacedByPlaintext() throws Exception {
    mesh.apply(
        FakeMesh.orders()
            .endpoints(
                Collections.singletonList(
                    FakeMesh.endpoint(1).toBuilder().mtls(true).spiffeId("spiffe://a/b").build()))
            .build());
    int[] sent = new int[1];
    assertThat(mesh.call(FakeRequest.get(), attempt -> ++sent[0])).isEqualTo(503);
    assertThat(sent[0]).isZero();
    assertThat(flags()).isEqualTo("UAEX");
  }

  private static TrafficPolicy outliers(int consecutive, int cap) {
    return TrafficPolicy.builder()
        .outlierDetection(
            OutlierDetection.builder()
                .consecutive5xxErrors(consecutive)
                .intervalMillis(10_000)
                .baseEjectionMillis(30_000)
                .maxEjectionPercent(cap)
                .build())
        .build();
  }
}
