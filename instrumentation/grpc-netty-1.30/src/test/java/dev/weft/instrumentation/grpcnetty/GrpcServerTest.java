package dev.weft.instrumentation.grpcnetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import dev.weft.instrumentation.testing.inbound.TestMesh;
import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.Source;
import dev.weft.policy.snapshot.TrafficPolicy;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A server of gRPC that was there before the agent came; its callers are of this JVM, too. */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(StatedLimits.class)
@Timeout(20)
final class GrpcServerTest {
  private static final String SELF = "spiffe://cluster.local/ns/default/sa/orders";
  private static final String ECHO = "POST /test.Words/Echo ";

  private final TestMesh mesh = TestMesh.create();
  private @SuppressWarnings("NullAway.Init") WordServer server;
  private @SuppressWarnings("NullAway.Init") WeavingHarness harness;
  private @SuppressWarnings("NullAway.Init") ManagedChannel plaintext;
  private @SuppressWarnings("NullAway.Init") ManagedChannel meshed;
  private long version = 1000;

  @BeforeAll
  void attach() throws Exception {
    server = WordServer.plain("a");
    plaintext = channel("127.0.0.1", server.port());
    assertThat(echo(plaintext, "x")).isEqualTo("a x");
    harness = WeavingHarness.install(mesh.dataPlane(), Units.all());
    plaintext.shutdownNow();
    mesh.join();
    plaintext = channel("127.0.0.1", server.port());
    meshed = channel("orders", 8080);
  }

  @BeforeEach
  void begin() {
    policy(MtlsMode.PERMISSIVE);
    mesh.forgetConcluded();
  }

  @AfterEach
  void repair() {
    harness.breakHook(null);
    mesh.hurry(false);
    server.answering(word -> "a " + word);
  }

  @AfterAll
  void end() {
    plaintext.shutdownNow();
    meshed.shutdownNow();
    server.close();
    harness.close();
  }

  @Test
  void theConnectionOfACallIsKnown() {
    policy(
        MtlsMode.PERMISSIVE,
        unless("destination.ip", "127.0.0.0/8"),
        unless("connection.sni", "orders.default.svc.cluster.local"));
    assertThat(echo(meshed, "x")).isEqualTo("a x");
    assertThat(fails(plaintext).getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
    policy(MtlsMode.PERMISSIVE, unless("destination.ip", "10.0.0.0/8"));
    assertThat(fails(meshed).getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
  }

  private static Rule unless(String key, String value) {
    Condition not = Condition.builder().key(key).notValues(List.of(value)).build();
    return Rule.builder().when(List.of(not)).build();
  }

  private static ManagedChannel channel(String host, int port) {
    return ManagedChannelBuilder.forAddress(host, port).usePlaintext().build();
  }

  private static String echo(Channel channel, String word) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, Words.ECHO, options, word);
  }

  private static StatusRuntimeException fails(Channel channel) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> echo(channel, "x"));
  }

  /** Who calls is this workload itself. */
  private void policy(MtlsMode mode, Rule... denied) {
    AuthorizationPolicy policy =
        AuthorizationPolicy.builder()
            .name("denied")
            .namespace("default")
            .action(AuthorizationPolicy.Action.DENY)
            .rules(List.of(denied))
            .build();
    Service orders =
        Service.builder()
            .host("orders.default.svc.cluster.local")
            .name("orders")
            .namespace("default")
            .authorities(List.of("orders"))
            .trafficPolicy(TrafficPolicy.defaults())
            .endpoints(
                List.of(
                    Endpoint.builder()
                        .id("a")
                        .address("127.0.0.1")
                        .port(server.port())
                        .mtls(true)
                        .spiffeId(SELF)
                        .build()))
            .build();
    mesh.dataPlane()
        .snapshots()
        .apply(
            Snapshot.builder()
                .version(++version)
                .epoch("test")
                .trustDomain("cluster.local")
                .localNamespace("default")
                .services(List.of(orders))
                .inbound(InboundPolicy.builder().mode(mode).authorization(List.of(policy)).build())
                .build());
  }

  private static Rule path(String path) {
    return Rule.builder().to(List.of(Operation.builder().paths(List.of(path)).build())).build();
  }

  @Test
  void unitsAreAppliedAtAVersionThatIsStated() {
    echo(meshed, "x");
    assertThat(harness.report()).allSatisfy(e -> assertThat(e.state()).isEqualTo("applied"));
    assertThat(harness.unstatedVersions()).isEmpty();
  }

  @Test
  void bothAreServedOnOnePort() {
    assertThat(echo(plaintext, "x")).isEqualTo("a x");
    assertThat(echo(meshed, "y")).isEqualTo("a y");
    mesh.awaitConcluded(ECHO + "- 200", ECHO + SELF + " 200");
    assertThat(mesh.dataPlane().ports().acceptsMesh(server.port())).isTrue();
  }

  @Test
  void strictEndsPlaintextAndServesTheMesh() {
    ManagedChannel earlier = channel("127.0.0.1", server.port());
    echo(earlier, "x");
    policy(MtlsMode.STRICT);
    assertThat(echo(meshed, "x")).isEqualTo("a x");
    int before = server.calls().size();
    assertThat(fails(earlier).getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
    earlier.shutdownNow();
    ManagedChannel later = channel("127.0.0.1", server.port());
    assertThat(fails(later).getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    later.shutdownNow();
    assertThat(server.calls()).hasSize(before);
  }

  @Test
  void deniedPathIsRefusedAsBySidecars() {
    policy(MtlsMode.PERMISSIVE, path("/test.Words/Echo"));
    int before = server.calls().size();
    for (Channel channel : List.of(plaintext, meshed)) {
      StatusRuntimeException refused = fails(channel);
      assertThat(refused.getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(refused.getStatus().getDescription()).isEqualTo("RBAC: access denied");
      assertThat(String.valueOf(refused.getTrailers())).contains("x-weft-rejection=AUTHORIZE");
    }
    assertThat(server.calls()).hasSize(before);
    mesh.awaitConcluded(ECHO + "- 403", ECHO + SELF + " 403");
  }

  @Test
  void otherMethodsOfTheServiceGoOn() {
    policy(MtlsMode.PERMISSIVE, path("/test.Words/Other"));
    assertThat(echo(meshed, "x")).isEqualTo("a x");
  }

  @Test
  void callerIsKnownByItsCertificate() {
    Rule self =
        Rule.builder()
            .from(
                List.of(
                    Source.builder()
                        .principals(List.of("cluster.local/ns/default/sa/orders"))
                        .build()))
            .build();
    policy(MtlsMode.PERMISSIVE, self);
    assertThat(echo(plaintext, "x")).isEqualTo("a x");
    assertThat(fails(meshed).getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
  }

  @Test
  void foreignCertificatesAreNotLetIn() throws Exception {
    for (SSLContext stranger : List.of(mesh.foreign(), mesh.anonymous())) {
      int before = server.calls().size();
      try (RawConnection connection = RawConnection.tls(server.port(), stranger, "h2")) {
        connection.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        assertThat(connection.isEnded()).isTrue();
      } catch (IOException refused) {
        assertThat(refused).isNotNull();
      }
      assertThat(server.calls()).hasSize(before);
    }
  }

  @Test
  void reservedHeadersDoNotReachTheApplication() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-weft-mine", Metadata.ASCII_STRING_MARSHALLER), "1");
    headers.put(Metadata.Key.of("x-own", Metadata.ASCII_STRING_MARSHALLER), "2");
    echo(
        ClientInterceptors.intercept(plaintext, MetadataUtils.newAttachHeadersInterceptor(headers)),
        "x");
    assertThat(server.lastHeader("x-weft-mine")).isEqualTo("null");
    assertThat(server.lastHeader("x-own")).isEqualTo("2");
  }

  @Test
  void whatACallIsWorkedForIsCurrentInTheServiceAndNowhereElse() throws Exception {
    AtomicReference<@Nullable RequestContext> within = new AtomicReference<>();
    server.answering(
        word -> {
          within.set(RequestContext.current());
          return word;
        });
    echo(waiting(plaintext), "x");
    assertThat(within.get()).isNotNull();
    echo(plaintext, "x");
    assertThat(within.get()).isNull();
  }

  private static Channel waiting(Channel channel) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of(RequestContext.DEADLINE_HEADER, Metadata.ASCII_STRING_MARSHALLER), "9000");
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Test
  void whatTheCallerNoLongerWaitsForIsRefusedAsGrpcSaysIt() {
    server.answering(
        word -> {
          throw new AssertionError("reached");
        });
    mesh.hurry(true);
    StatusRuntimeException failure = fails(waiting(plaintext));
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(failure.getStatus().getDescription()).contains("before the request reached");
    mesh.awaitConcluded(ECHO + "- 504");
  }

  @Test
  void failureOfTheServiceIsItsOwn() {
    server.failing(Status.FAILED_PRECONDITION.withDescription("not yet"));
    StatusRuntimeException failure = fails(meshed);
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.FAILED_PRECONDITION);
    mesh.awaitConcluded(ECHO + SELF + " 200");
  }

  @Test
  void callOfAWithdrawnCallerIsCut() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    StreamObserver<String> say =
        ClientCalls.asyncBidiStreamingCall(
            meshed.newCall(Words.CHAT, CallOptions.DEFAULT),
            new StreamObserver<>() {
              @Override
              public void onNext(String word) {
                heard.add(word);
              }

              @Override
              public void onError(Throwable failure) {
                heard.add(Status.fromThrowable(failure).getCode().name());
              }

              @Override
              public void onCompleted() {
                heard.add("end");
              }
            });
    say.onNext("one");
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("a one");
    assertThat(mesh.live()).isGreaterThanOrEqualTo(2);
    try {
      mesh.withdraw(SELF);
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("UNAVAILABLE");
    } finally {
      mesh.join();
    }
  }

  @Test
  void oldConnectionIsEndedBetweenCalls() {
    mesh.connectionAge(0);
    try {
      ManagedChannel own = channel("orders", 8080);
      for (int i = 0; i < 3; i++) {
        assertThat(echo(own, "x")).isEqualTo("a x");
      }
      own.shutdownNow();
    } finally {
      mesh.connectionAge(TimeUnit.HOURS.toNanos(1));
    }
  }

  @Test
  void defectsLetNobodyIn() {
    int before = server.calls().size();
    harness.breakHook("dev.weft.instrumentation.grpc.StreamHook");
    assertThat(fails(plaintext).getStatus().getCode()).isNotEqualTo(Code.OK);
    assertThat(server.calls()).hasSize(before);
    harness.breakHook(null);
    policy(MtlsMode.STRICT);
    harness.breakHook(Units.nettyHook("AcceptHook"));
    ManagedChannel later = channel("127.0.0.1", server.port());
    assertThat(fails(later).getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
    later.shutdownNow();
    assertThat(server.calls()).hasSize(before);
  }

  @Test
  void portIsReportedWithTheServer() throws Exception {
    WordServer other = WordServer.plain("b");
    assertThat(mesh.dataPlane().ports().acceptsMesh(other.port())).isTrue();
    int port = other.port();
    other.close();
    assertThat(mesh.dataPlane().ports().acceptsMesh(port)).isFalse();
  }
}
