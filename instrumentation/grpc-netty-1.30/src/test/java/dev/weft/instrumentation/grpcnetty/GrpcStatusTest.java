package dev.weft.instrumentation.grpcnetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.GrpcStatuses;
import dev.weft.policy.snapshot.OutlierDetection;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TrafficPolicy;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the status of gRPC means to policy: that of HTTP is 200, whatever became of a call. */
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
final class GrpcStatusTest {
  private final TestMesh mesh = TestMesh.create();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @SuppressWarnings("NullAway.Init") ManagedChannel channel;
  private @SuppressWarnings("NullAway.Init") WeavingHarness harness;

  @BeforeAll
  void weave() throws Exception {
    harness = WeavingHarness.install(mesh.dataPlane(), Units.ofClients());
    channel = Units.channel("orders", 8080).usePlaintext().build();
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable server : open) {
      server.close();
    }
    open.clear();
  }

  @AfterAll
  void end() {
    harness.close();
    channel.shutdownNow();
  }

  private WordServer plain(String name) throws Exception {
    WordServer server = WordServer.plain(name);
    open.add(server);
    return server;
  }

  private void orders(
      UnaryOperator<Route.Builder> change, @Nullable OutlierDetection outliers, WordServer... all) {
    Backend backend = Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build();
    Route route = change.apply(Route.builder().name("r").backends(List.of(backend))).build();
    TrafficPolicy policy = TrafficPolicy.builder().outlierDetection(outliers).build();
    mesh.clear()
        .service("orders", s -> s.trafficPolicy(policy).routes(List.of(route)), all)
        .apply();
  }

  private static Route.Builder once(Route.Builder route) {
    return route.retries(RetryPolicy.builder().attempts(0).build());
  }

  private static OutlierDetection twice() {
    return OutlierDetection.builder()
        .consecutive5xxErrors(2)
        .baseEjectionMillis(60_000)
        .maxEjectionPercent(100)
        .build();
  }

  private Code call() {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingUnaryCall(channel, Words.ECHO, options, "x");
      return Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  /** The instance is asked until it was twice; says how often after that. */
  private int asksAfterTwo(WordServer instance) {
    for (int i = 0; instance.calls().size() < 2; i++) {
      assertThat(i).as("calls that never met the instance twice").isLessThan(200);
      call();
    }
    for (int i = 0; i < 30; i++) {
      call();
    }
    return instance.calls().size() - 2;
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"UNAVAILABLE", "INTERNAL", "UNKNOWN", "UNIMPLEMENTED", "DEADLINE_EXCEEDED"})
  void statusThatIsTheServersFaultEjects(Code code) throws Exception {
    WordServer ill = plain("ill").failing(code.toStatus());
    orders(GrpcStatusTest::once, twice(), ill, plain("well"));
    assertThat(asksAfterTwo(ill)).isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"INVALID_ARGUMENT", "NOT_FOUND", "RESOURCE_EXHAUSTED", "UNAUTHENTICATED"})
  void statusThatIsTheCallersDoesNot(Code code) throws Exception {
    WordServer strict = plain("strict").failing(code.toStatus());
    orders(GrpcStatusTest::once, twice(), strict, plain("well"));
    assertThat(asksAfterTwo(strict)).isPositive();
  }

  @Test
  void failureAfterAMessageIsNotSeen() throws Exception {
    WordServer late = plain("late").failingLate(Status.UNAVAILABLE);
    orders(GrpcStatusTest::once, twice(), late, plain("well"));
    assertThat(asksAfterTwo(late)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "CANCELLED, cancelled",
    "DEADLINE_EXCEEDED, deadline-exceeded",
    "INTERNAL, internal",
    "RESOURCE_EXHAUSTED, resource-exhausted",
    "UNAVAILABLE, unavailable"
  })
  void wordOfTheRetryPolicyMeansTheStatus(Code code, String word) throws Exception {
    RetryPolicy retries =
        RetryPolicy.builder().attempts(2).backoffMillis(1).retryOn(List.of(word)).build();
    for (Code answered : new Code[] {code, Code.ABORTED}) {
      WordServer a = plain("a").failing(answered.toStatus());
      orders(r -> r.retries(retries), null, a);
      assertThat(call()).isEqualTo(answered);
      assertThat(a.calls()).hasSize(answered == code ? 3 : 1);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Code.class,
      names = {"UNAVAILABLE", "DATA_LOSS", "CANCELLED"})
  void abortHasTheStatusThatPolicyAsksFor(Code code) throws Exception {
    WordServer a = plain("a");
    Fault fault =
        Fault.builder().abortGrpcStatus(GrpcStatuses.code(code.name())).abortPercent(100).build();
    orders(r -> r.fault(fault), null, a);
    StatusRuntimeException aborted =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> ClientCalls.blockingUnaryCall(channel, Words.ECHO, CallOptions.DEFAULT, "x"));
    assertThat(aborted.getStatus().getCode()).isEqualTo(code);
    assertThat(aborted.getStatus().getDescription()).isEqualTo("fault filter abort");
    assertThat(
            aborted
                .getTrailers()
                .get(Metadata.Key.of("x-weft-rejection", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("FAULT;r");
    assertThat(a.calls()).isEmpty();
  }
}
