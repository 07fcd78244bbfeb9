package dev.weft.instrumentation.grpcnetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.dataplane.telemetry.TraceContext;
import dev.weft.instrumentation.testing.MeshInstance;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Calls of gRPC into the mesh, by a channel that was in use before the agent came. */
@TestInstance(Lifecycle.PER_CLASS)
@ExtendWith(StatedLimits.class)
@Timeout(20)
final class GrpcClientTest {
  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER);

  private final TestMesh mesh = TestMesh.create();
  private final List<AutoCloseable> open = new ArrayList<>();
  private @SuppressWarnings("NullAway.Init") ManagedChannel channel;
  private @SuppressWarnings("NullAway.Init") WeavingHarness harness;

  @BeforeAll
  void attach() throws Exception {
    try (WordServer before = WordServer.plain("before")) {
      ManagedChannel outside = channel("127.0.0.1", before.port());
      assertThat(echo(outside, "hello")).isEqualTo("before hello");
      outside.shutdownNow();
    }
    channel = channel("orders", 8080);
    assertThatThrownBy(() -> echo(channel, "hello")).isInstanceOf(StatusRuntimeException.class);
    harness = WeavingHarness.install(mesh.dataPlane(), Units.ofClients());
  }

  @AfterEach
  void stop() throws Exception {
    harness.breakHook(null);
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

  private static ManagedChannel channel(String host, int port) {
    return Units.channel(host, port).usePlaintext().build();
  }

  private static String echo(Channel channel, String word) {
    return echo(channel, word, CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS));
  }

  private static String echo(Channel channel, String word, CallOptions options) {
    return ClientCalls.blockingUnaryCall(channel, Words.ECHO, options, word);
  }

  private StatusRuntimeException fails(String word) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> echo(channel, word));
  }

  private WordServer secured(String name) throws Exception {
    WordServer server = WordServer.secured(name, mesh.authority().issue("orders"));
    open.add(server);
    return server;
  }

  private WordServer plain(String name) throws Exception {
    WordServer server = WordServer.plain(name);
    open.add(server);
    return server;
  }

  private void orders(WordServer... instances) {
    mesh.clear().service("orders", instances).apply();
  }

  private void route(UnaryOperator<Route.Builder> change, WordServer... instances) {
    Route.Builder route =
        Route.builder()
            .name("r")
            .backends(
                List.of(Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build()));
    mesh.clear()
        .service("orders", s -> s.routes(List.of(change.apply(route).build())), instances)
        .apply();
  }

  /** Somewhere that nobody listens. */
  private static MeshInstance nobody() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    return new MeshInstance() {
      @Override
      public String name() {
        return "nobody";
      }

      @Override
      public int port() {
        return port;
      }

      @Override
      public boolean isSecured() {
        return false;
      }
    };
  }

  @Test
  void unitsAreAppliedAtAVersionThatIsStated() throws Exception {
    orders(secured("a"));
    echo(channel, "x");
    assertThat(harness.report()).allSatisfy(e -> assertThat(e.state()).isEqualTo("applied"));
    // Each transport states its own; what is above it has the same.
    assertThat(harness.unstatedVersions()).noneMatch(u -> u.startsWith(Units.transport()));
  }

  @Test
  void callGoesToTheInstanceOverMeshTlsAndOneConnection() throws Exception {
    WordServer a = secured("a");
    orders(a);
    for (int i = 0; i < 5; i++) {
      assertThat(echo(channel, "hello")).isEqualTo("a hello");
    }
    assertThat(a.connections()).isOne();
    assertThat(a.authorities()).containsOnly("orders:8080");
  }

  @Test
  void plaintextInstanceIsCalledInPlaintext() throws Exception {
    orders(plain("a"));
    assertThat(echo(channel, "hello")).isEqualTo("a hello");
  }

  @Test
  void callsAreBalancedOneByOne() throws Exception {
    orders(secured("a"), secured("b"), plain("c"));
    Set<String> answered = new HashSet<>();
    for (int i = 0; i < 60 && answered.size() < 3; i++) {
      answered.add(echo(channel, "x"));
    }
    assertThat(answered).containsExactlyInAnyOrder("a x", "b x", "c x");
  }

  @Test
  void instanceOfAnotherIdentityGetsNothing() throws Exception {
    WordServer stranger = WordServer.secured("stranger", mesh.authority().issue("stranger"));
    open.add(stranger);
    orders(stranger);
    assertThat(fails("x").getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(stranger.calls()).isEmpty();
  }

  @Test
  void unavailableInstanceIsLeftForAnother() throws Exception {
    WordServer ill = secured("ill").failing(Status.UNAVAILABLE);
    orders(ill, secured("well"));
    for (int i = 0; i < 10; i++) {
      assertThat(echo(channel, "x")).isEqualTo("well x");
    }
    assertThat(ill.calls()).isNotEmpty();
  }

  @Test
  void whatTheServerRefusesForGoodIsToldOnce() throws Exception {
    WordServer a = secured("a").failing(Status.INVALID_ARGUMENT.withDescription("no word"));
    orders(a);
    Status status = fails("x").getStatus();
    assertThat(status.getCode()).isEqualTo(Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo("no word");
    assertThat(a.calls()).hasSize(1);
  }

  @Test
  void callIsNotLostWhereNobodyListens() throws Exception {
    mesh.clear().service("orders", nobody(), secured("a")).apply();
    for (int i = 0; i < 10; i++) {
      assertThat(echo(channel, "x")).isEqualTo("a x");
    }
  }

  @Test
  void instanceThatCameBackIsCalledAtOnce() throws Exception {
    WordServer first = WordServer.plain("first");
    int port = first.port();
    orders(first);
    assertThat(echo(channel, "x")).isEqualTo("first x");
    first.close();
    assertThat(fails("x").getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    open.add(WordServer.plain("second", port));
    assertThat(echo(channel, "x")).isEqualTo("second x");
  }

  @Test
  void messageTooLargeToKeepIsSentOnce() throws Exception {
    WordServer a = secured("a").failing(Status.UNAVAILABLE);
    orders(a);
    assertThat(fails("x".repeat(100_000)).getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(a.calls()).hasSize(1);
  }

  @Test
  void refusalsAreThoseOfASidecar() throws Exception {
    WordServer a = secured("a");
    route(r -> r.fault(Fault.builder().abortStatus(403).abortPercent(100).build()), a);
    StatusRuntimeException refused = fails("x");
    assertThat(refused.getStatus().getCode()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(
            refused
                .getTrailers()
                .get(Metadata.Key.of("x-weft-rejection", Metadata.ASCII_STRING_MARSHALLER)))
        .isEqualTo("FAULT;r");
    orders();
    assertThat(fails("x").getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(a.calls()).isEmpty();
  }

  @Test
  void timeoutOfTheRouteEndsTheCall() throws Exception {
    CountDownLatch until = new CountDownLatch(1);
    WordServer a = secured("a").answering(word -> late(until));
    route(r -> r.timeoutMillis(150), a);
    Status status = fails("x").getStatus();
    until.countDown();
    assertThat(status.getCode()).isEqualTo(Code.UNAVAILABLE);
    assertThat(status.getDescription()).contains("upstream request timeout");
  }

  @Test
  void deadlineOfTheApplicationIsItsOwn() throws Exception {
    CountDownLatch until = new CountDownLatch(1);
    WordServer a = secured("a");
    orders(a);
    echo(channel, "x"); // The deadline is for the answer, not for a connection on a busy machine.
    a.answering(word -> late(until));
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS);
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> echo(channel, "x", soon));
    until.countDown();
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    assertThat(a.calls()).hasSize(2);
    assertThat(a.lastHeader("grpc-timeout")).isNotEqualTo("null");
  }

  private static String late(CountDownLatch until) {
    try {
      until.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "late";
  }

  @Test
  void delayedCallIsSentAsItWas() throws Exception {
    WordServer a = secured("a");
    route(r -> r.fault(Fault.builder().delayMillis(50).delayPercent(100).build()), a);
    Context.Key<String> key = Context.key("own");
    Context.current().withValue(key, "value").call(() -> echo(channel, "hello"));
    assertThat(a.calls()).hasSize(1);
  }

  @Test
  void routeLooksAtMethodAndHeadersOfInterceptorsAndChangesThem() throws Exception {
    WordServer a = secured("a");
    Route other =
        Route.builder()
            .name("tenants")
            .matches(
                List.of(
                    RouteMatch.builder()
                        .uri(StringMatch.exact("/test.Words/Echo"))
                        .headers(Map.of("x-tenant", StringMatch.exact("blue")))
                        .build()))
            .rewrite(
                Rewrite.builder()
                    .path(
                        PathRewrite.builder()
                            .match(StringMatch.exact("/test.Words/Echo"))
                            .value("/test.Words/Other")
                            .build())
                    .authority("stock")
                    .build())
            .headers(
                HeaderEdits.builder()
                    .request(
                        HeaderEdits.Edits.of(Map.of("x-set", "1"), Map.of(), List.of("x-gone")))
                    .build())
            .backends(
                List.of(Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build()))
            .build();
    mesh.clear().service("orders", s -> s.routes(List.of(other)), a).apply();
    Metadata headers = new Metadata();
    headers.put(TENANT, "blue");
    headers.put(Metadata.Key.of("x-gone", Metadata.ASCII_STRING_MARSHALLER), "1");
    headers.put(Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] {1, 2});
    ClientInterceptor tenant = MetadataUtils.newAttachHeadersInterceptor(headers);
    assertThat(echo(ClientInterceptors.intercept(channel, tenant), "x")).isEqualTo("other x");
    assertThat(a.lastHeader("x-set")).isEqualTo("1");
    assertThat(a.lastHeader("x-gone")).isEqualTo("null");
    assertThat(a.authorities()).containsExactly("stock");
    assertThat(a.calls().get(0).get(Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER)))
        .containsExactly(1, 2);
    assertThat(fails("x").getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
  }

  @Test
  void responseHeadersAreThoseOfTheRoute() throws Exception {
    route(
        r ->
            r.headers(
                HeaderEdits.builder()
                    .response(HeaderEdits.Edits.of(Map.of("x-tenant", "red"), Map.of(), List.of()))
                    .build()),
        secured("a"));
    AtomicReference<@Nullable Metadata> received = new AtomicReference<>();
    AtomicReference<@Nullable Metadata> trailers = new AtomicReference<>();
    echo(
        ClientInterceptors.intercept(
            channel, MetadataUtils.newCaptureMetadataInterceptor(received, trailers)),
        "x");
    assertThat(received.get().get(TENANT)).isEqualTo("red");
  }

  @Test
  void streamsGoBothWays() throws Exception {
    orders(secured("a"));
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    StreamObserver<String> say = chat(heard);
    for (String word : Arrays.asList("one", "two", "three")) {
      say.onNext(word);
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("a " + word);
    }
    say.onCompleted();
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("end");
  }

  private StreamObserver<String> chat(BlockingQueue<String> heard) {
    return ClientCalls.asyncBidiStreamingCall(
        channel.newCall(Words.CHAT, CallOptions.DEFAULT),
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
  }

  @Test
  void cancelledCallEndsWhereverItIs() throws Exception {
    CountDownLatch until = new CountDownLatch(1);
    WordServer a = secured("a").answering(word -> late(until));
    orders(a);
    assertThat(cancelled()).isEqualTo(Code.CANCELLED);
    route(r -> r.fault(Fault.builder().delayMillis(60_000).delayPercent(100).build()), a);
    assertThat(cancelled()).isEqualTo(Code.CANCELLED);
    until.countDown();
  }

  @Test
  void deadlineAndContextCountWhileTheMeshHoldsACallBack() throws Exception {
    WordServer a = secured("a");
    route(r -> r.fault(Fault.builder().delayMillis(60_000).delayPercent(100).build()), a);
    CallOptions soon = CallOptions.DEFAULT.withDeadlineAfter(100, TimeUnit.MILLISECONDS);
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> echo(channel, "x", soon));
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
    Context.CancellableContext context = Context.current().withCancellation();
    Thread other = new Thread(() -> context.cancel(new IllegalStateException("enough")));
    StatusRuntimeException cancelled =
        context.call(
            () -> {
              other.start();
              return fails("x");
            });
    other.join();
    assertThat(cancelled.getStatus().getCode()).isEqualTo(Code.CANCELLED);
    assertThat(a.calls()).isEmpty();
  }

  private Code cancelled() throws Exception {
    BlockingQueue<Status> end = new LinkedBlockingQueue<>();
    ClientCall<String, String> call = channel.newCall(Words.ECHO, CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.add(status);
          }
        },
        new Metadata());
    call.request(1);
    call.sendMessage("x");
    call.halfClose();
    call.cancel("enough", null);
    Status status = end.poll(5, TimeUnit.SECONDS);
    assertThat(status).isNotNull();
    assertThat(status.getDescription()).contains("enough");
    return status.getCode();
  }

  @Test
  void rotationMakesNewConnections() throws Exception {
    WordServer a = secured("a");
    orders(a);
    echo(channel, "x");
    mesh.rotate("caller");
    echo(channel, "x");
    assertThat(a.connections()).isEqualTo(2);
  }

  @Test
  void withdrawnInstanceLosesItsConnection() throws Exception {
    WordServer a = secured("a");
    orders(a);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    StreamObserver<String> say = chat(heard);
    say.onNext("one");
    assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("a one");
    try {
      mesh.withdraw("orders");
      assertThat(heard.poll(5, TimeUnit.SECONDS)).isEqualTo("UNAVAILABLE");
      assertThat(fails("x").getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
    } finally {
      mesh.rotate("caller");
    }
  }

  @Test
  void traceOfTheThreadIsCarriedOn() throws Exception {
    WordServer a = secured("a");
    orders(a);
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    TraceContext before = TraceContext.swap(TraceContext.parse(parent, null));
    try {
      echo(channel, "x");
    } finally {
      TraceContext.swap(before);
    }
    assertThat(a.lastHeader("traceparent")).contains("0af7651916cd43dd8448eb211c80319c");
  }

  @Test
  void hostsOutsideAndOwnTlsAreUntouched() throws Exception {
    WordServer outside = plain("outside");
    ManagedChannel own = channel("127.0.0.1", outside.port());
    orders(secured("a"));
    assertThat(echo(own, "x")).isEqualTo("outside x");
    own.shutdownNow();
    ManagedChannel tls = Units.channel("orders", 8080).build();
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> echo(tls, "x"));
    assertThat(failure.getStatus().getDescription()).contains("resolve host orders");
    tls.shutdownNow();
  }

  @Test
  void newChannelWorksAndEnds() throws Exception {
    orders(secured("a"));
    ManagedChannel made = channel("orders", 8080);
    assertThat(echo(made, "x")).isEqualTo("a x");
    made.shutdown();
    assertThat(made.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> echo(made, "x"));
    assertThat(failure.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE);
  }

  @Test
  void idleChannelWakesUp() throws Exception {
    orders(secured("a"));
    ManagedChannel made = channel("orders", 8080);
    assertThat(echo(made, "x")).isEqualTo("a x");
    made.enterIdle();
    assertThat(echo(made, "y")).isEqualTo("a y");
    made.shutdownNow();
    assertThat(made.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void defectOfAHookSendsNothingInPlaintext() throws Exception {
    WordServer a = secured("a");
    orders(a);
    for (String hook :
        List.of(
            "dev.weft.instrumentation.grpc.CallHook",
            "dev.weft.instrumentation.grpc.BalancerHook",
            Units.transportHook())) {
      harness.breakHook(hook);
      ManagedChannel made = channel("orders", 8080);
      StatusRuntimeException failure =
          catchThrowableOfType(StatusRuntimeException.class, () -> echo(made, "x"));
      assertThat(failure.getStatus().getCode()).as(hook).isEqualTo(Code.UNAVAILABLE);
      made.shutdownNow();
    }
    assertThat(a.calls()).isEmpty();
  }

  @Test
  void retriesOfThePolicyAreMade() throws Exception {
    WordServer a = secured("a").failing(Status.RESOURCE_EXHAUSTED);
    route(
        r ->
            r.retries(
                RetryPolicy.builder()
                    .attempts(2)
                    .backoffMillis(1)
                    .retryOn(List.of("resource-exhausted"))
                    .build()),
        a);
    assertThat(fails("x").getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    assertThat(a.calls()).hasSize(3);
  }
}
