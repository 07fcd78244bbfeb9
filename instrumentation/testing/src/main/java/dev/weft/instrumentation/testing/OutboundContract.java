package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.bootstrap.CallDepth;
import dev.weft.dataplane.telemetry.TraceContext;
import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every HTTP client must do under the mesh. The client is made before its library is woven, as
 * when the agent is attached to a running application.
 */
@org.junit.jupiter.api.TestInstance(Lifecycle.PER_CLASS)
@Timeout(60)
@ExtendWith(StatedLimits.class)
public abstract class OutboundContract {
  private static final byte[] BIG = new byte[1 << 20];
  private static final byte[] OVER_REPLAY = new byte[200_000];

  static {
    new Random(7).nextBytes(BIG);
    new Random(8).nextBytes(OVER_REPLAY);
  }

  private final TestMesh mesh = TestMesh.create();
  private final List<TestInstance> started = new ArrayList<>();
  private ClientUnderTest client;
  private WeavingHarness harness;

  /** The client, made anew. */
  protected abstract ClientUnderTest newClient() throws Exception;

  /** The instrumentation under test. */
  protected abstract InstrumentationModule module();

  /** Binary names of the hooks that a call to a secured instance cannot do without. */
  protected abstract List<String> enforcingHooks();

  /** Binary names of the hooks whose defects a call survives; it is secured all the same. */
  protected List<String> otherHooks() {
    return List.of();
  }

  /** The mesh that {@link #client} is in. */
  protected final TestMesh mesh() {
    return mesh;
  }

  /** The client under test. */
  protected final ClientUnderTest client() {
    return client;
  }

  @BeforeAll
  final void weave() throws Exception {
    client = newClient();
    try (TestInstance before = TestInstance.plain("before")) {
      assertThat(client.send(Call.get("http://127.0.0.1:" + before.port() + "/")).status())
          .isEqualTo(200);
    }
    harness = WeavingHarness.install(mesh.dataPlane(), module());
  }

  @AfterAll
  final void unweave() {
    harness.close();
    client.close();
  }

  @AfterEach
  final void stop() {
    mesh.breakWith(null);
    started.forEach(TestInstance::close);
    started.clear();
    Thread.interrupted();
  }

  /** Starts an instance of a service. */
  protected final TestInstance instance(String service, boolean secured) throws IOException {
    TestInstance made =
        secured
            ? TestInstance.secured(service, mesh.authority().serverContext(service))
            : TestInstance.plain(service);
    started.add(made);
    return made;
  }

  /** Starts a service {@code orders} of one instance. */
  protected final TestInstance orders(boolean secured) throws IOException {
    TestInstance made = instance("orders", secured);
    mesh.clear().service("orders", made).apply();
    return made;
  }

  private void route(UnaryOperator<Route.Builder> change, TestInstance... instances) {
    Route.Builder route =
        Route.builder()
            .name("r")
            .backends(
                List.of(Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build()));
    UnaryOperator<Service.Builder> with = s -> s.routes(List.of(change.apply(route).build()));
    mesh.clear().service("orders", with, instances).apply();
  }

  private static List<Map.Entry<String, String>> lower(List<Map.Entry<String, String>> headers) {
    return headers.stream()
        .map(e -> Map.entry(e.getKey().toLowerCase(Locale.ROOT), e.getValue()))
        .toList();
  }

  @Test
  void theVersionUnderTestIsStated() throws Exception {
    orders(false);
    client.send(Call.get("http://orders/"));
    assertThat(harness.unstatedVersions()).isEmpty();
  }

  @Test
  void everyClassIsWoven() throws Exception {
    orders(false);
    client.send(Call.get("http://orders/"));
    assertThat(harness.report())
        .isNotEmpty()
        .allSatisfy(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hostWithoutDnsIsReachedAndHostHeaderIsUnchanged(boolean secured) throws Exception {
    TestInstance orders = orders(secured);
    Result result = client.send(Call.get("http://orders:8080/a%20b/c?x=1&y=%2F"));
    assertThat(result.status()).isEqualTo(200);
    assertThat(result.text()).isEqualTo("hello");
    assertThat(orders.last().header("Host")).isEqualTo("orders:8080");
    assertThat(orders.last().target()).isEqualTo("/a%20b/c?x=1&y=%2F");
    client.send(Call.get("http://orders.shop/"));
    assertThat(orders.last().header("Host")).isEqualTo("orders.shop");
  }

  @Test
  void securedInstanceSeesTheIdentityOfTheCaller() throws Exception {
    TestInstance orders = orders(true);
    client.send(Call.get("http://orders:8080/"));
    assertThat(orders.handshakes()).isEqualTo(1);
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  void theVersionOfTheAnswersProtocolIsTold() throws Exception {
    TestInstance orders = orders(true);
    mesh.protocols().clear();
    client.send(Call.get("http://orders/"));
    orders.close();
    assertThatThrownBy(() -> client.send(Call.get("http://orders/"))).isNotNull();
    await().untilAsserted(() -> assertThat(mesh.protocols()).containsExactly("1.1", "null"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionsAreReused(boolean secured) throws Exception {
    TestInstance orders = orders(secured);
    for (int i = 0; i < 20; i++) {
      assertThat(client.send(Call.get("http://orders:8080/" + i)).status()).isEqualTo(200);
    }
    assertThat(orders.connections()).isEqualTo(1);
    assertThat(orders.handshakes()).isEqualTo(secured ? 1 : 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionsArePooledPerInstance(boolean secured) throws Exception {
    TestInstance one = instance("orders", secured);
    TestInstance two = instance("orders", secured);
    mesh.clear().service("orders", one, two).apply();
    for (int i = 0; i < 40; i++) {
      assertThat(client.send(Call.get("http://orders:8080/")).status()).isEqualTo(200);
    }
    assertThat(one.requests().size() + two.requests().size()).isEqualTo(40);
    assertThat(one.requests()).isNotEmpty();
    assertThat(two.requests()).isNotEmpty();
    assertThat(one.connections()).isEqualTo(1);
    assertThat(two.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"})
  void methodsArriveAsTheyAre(String method) throws Exception {
    TestInstance orders = orders(true);
    Call call = Call.of(method, "http://orders/m");
    boolean body = method.equals("POST") || method.equals("PUT");
    Result result = client.send(body ? call.body("b".getBytes(UTF_8)) : call);
    assertThat(result.status()).isEqualTo(200);
    assertThat(orders.last().method()).isEqualTo(method);
    assertThat(orders.last().body()).asString().isEqualTo(body ? "b" : "");
    assertThat(result.text()).isEqualTo(method.equals("HEAD") ? "" : "hello");
  }

  @Test
  void headersPassInAnyCaseAndMoreThanOnce() throws Exception {
    TestInstance orders =
        orders(true)
            .answering(
                r -> Reply.of(200, "").with("X-Two", "a").with("x-two", "b").with("ETag", "e"));
    Result result =
        client.send(
            Call.get("http://orders/")
                .header("X-MiXed", "1")
                .header("x-multi", "a")
                .header("x-multi", "b"));
    assertThat(orders.last().values("x-mixed")).containsExactly("1");
    assertThat(orders.last().values("X-Multi")).containsExactly("a", "b");
    assertThat(result.values("x-two")).containsExactlyInAnyOrder("a", "b");
    assertThat(result.header("etag")).isEqualTo("e");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bigBodiesPassBothWays(boolean stream) throws Exception {
    TestInstance orders = orders(true).answering(r -> Reply.of(200, r.body()));
    Call call = Call.of("POST", "http://orders/");
    Result result = client.send(stream ? call.stream(BIG) : call.body(BIG));
    assertThat(orders.last().body()).isEqualTo(BIG);
    assertThat(result.body()).isEqualTo(BIG);
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304, 200, 404, 500})
  void statusesPassWithTheirBodies(int status) throws Exception {
    TestInstance orders = orders(true).answering(r -> Reply.of(status, "it is " + status));
    for (int i = 0; i < 2; i++) {
      Result result = client.send(Call.get("http://orders/"));
      assertThat(result.status()).isEqualTo(status);
      assertThat(result.text())
          .isEqualTo((status == 204 || status == 304) ? "" : "it is " + status);
    }
    assertThat(orders.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void failingInstanceIsHiddenByARetryAtAnother(boolean secured) throws Exception {
    TestInstance bad = instance("orders", secured).answering(r -> Reply.of(503, "no"));
    TestInstance good = instance("orders", secured);
    mesh.clear().service("orders", bad, good).apply();
    for (int i = 0; i < 4; i++) {
      Result result = client.send(Call.get("http://orders/"));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.text()).isEqualTo("hello");
    }
    assertThat(good.requests()).hasSize(4);
    assertThat(bad.connections()).as("connections of discarded responses").isLessThanOrEqualTo(1);
  }

  @Test
  void bodyIsSentAgainWithARetry() throws Exception {
    TestInstance bad = instance("orders", true).answering(r -> Reply.of(503, "no"));
    TestInstance good = instance("orders", true);
    mesh.clear().service("orders", bad, good).apply();
    for (int i = 0; i < 3; i++) {
      byte[] bytes = ("body " + i).getBytes(UTF_8);
      assertThat(client.send(Call.of("PUT", "http://orders/").body(bytes)).status()).isEqualTo(200);
      assertThat(good.last().body()).isEqualTo(bytes);
    }
  }

  @Test
  void oneShotBodyIsSentAgainOutOfTheReplayBuffer() throws Exception {
    TestInstance bad = instance("orders", true).answering(r -> Reply.of(503, "no"));
    TestInstance good = instance("orders", true);
    mesh.clear().service("orders", bad, good).apply();
    for (int i = 0; i < 3; i++) {
      byte[] bytes = ("stream " + i).getBytes(UTF_8);
      assertThat(client.send(Call.of("PUT", "http://orders/").stream(bytes)).status())
          .isEqualTo(200);
      assertThat(good.last().body()).isEqualTo(bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bodyBeyondTheReplayBufferIsNotRetried(boolean stream) throws Exception {
    TestInstance orders = orders(true).answering(r -> Reply.of(503, "no"));
    Call call = Call.of("PUT", "http://orders/");
    Result result = client.send(stream ? call.stream(OVER_REPLAY) : call.body(OVER_REPLAY));
    assertThat(result.status()).isEqualTo(503);
    assertThat(orders.requests()).hasSize(1);
    assertThat(orders.last().body()).isEqualTo(OVER_REPLAY);
  }

  @Test
  void lastAnswerReachesTheApplicationWhenRetriesAreUsedUp() throws Exception {
    TestInstance orders = orders(true).answering(r -> Reply.of(503, "still no"));
    Result result = client.send(Call.get("http://orders/"));
    assertThat(result.status()).isEqualTo(503);
    assertThat(result.text()).isEqualTo("still no");
    assertThat(orders.requests()).hasSize(3);
    assertThat(orders.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void refusedConnectionIsRetriedAtAnother(String method) throws Exception {
    TestInstance gone = instance("orders", true);
    TestInstance good = instance("orders", true);
    mesh.clear().service("orders", gone, good).apply();
    gone.close();
    for (int i = 0; i < 4; i++) {
      Call call = Call.of(method, "http://orders/");
      assertThat(
              client.send(method.equals("POST") ? call.stream("p".getBytes(UTF_8)) : call).status())
          .isEqualTo(200);
    }
    assertThat(good.requests()).hasSize(4);
  }

  @Test
  void nothingListensIsTheClientsOwnException() throws Exception {
    orders(true).close();
    assertThatThrownBy(() -> client.send(Call.get("http://orders/")))
        .isInstanceOf(client.connectFailure());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void connectionClosedMeanwhileIsNoFailure(boolean secured) throws Exception {
    TestInstance orders = orders(secured);
    for (int i = 0; i < 5; i++) {
      assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
      orders.closeConnections();
    }
    assertThat(orders.requests()).hasSize(5);
  }

  @Test
  void postThatMayHaveArrivedIsNotSentToAnother() throws Exception {
    TestInstance one = instance("orders", true).answering(r -> Reply.hangUp());
    TestInstance two = instance("orders", true).answering(r -> Reply.hangUp());
    mesh.clear().service("orders", one, two).apply();
    assertThatThrownBy(
            () -> client.send(Call.of("POST", "http://orders/").stream("p".getBytes(UTF_8))))
        .isInstanceOf(IOException.class);
    assertThat(one.requests().isEmpty() || two.requests().isEmpty()).isTrue();
  }

  @Test
  void injectedAbortIsAResponse() throws Exception {
    TestInstance orders = instance("orders", true);
    Fault fault = Fault.builder().abortStatus(418).abortPercent(100).build();
    route(r -> r.fault(fault), orders);
    Result result = client.send(Call.get("http://orders/"));
    assertThat(result.status()).isEqualTo(418);
    assertThat(result.header("x-weft-rejection")).startsWith("FAULT");
    assertThat(result.text()).isNotEmpty();
    assertThat(orders.connections()).isZero();
  }

  @Test
  void injectedDelayDelays() throws Exception {
    TestInstance orders = instance("orders", true);
    Fault fault = Fault.builder().delayMillis(300).delayPercent(100).build();
    route(r -> r.fault(fault), orders);
    long begin = System.nanoTime();
    assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
    assertThat(System.nanoTime() - begin).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(290));
  }

  @Test
  void timeoutOfTheRouteEndsTheCall() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = hanging(instance("orders", true), release);
    route(r -> r.timeoutMillis(300), orders);
    try {
      Throwable failure = null;
      int status = 0;
      try {
        status = client.send(Call.get("http://orders/")).status();
      } catch (IOException e) {
        failure = e;
      }
      assertThat(status == 504 || client.timeout().isInstance(failure))
          .as("status %s, failure %s", status, failure)
          .isTrue();
    } finally {
      release.countDown();
    }
  }

  @Test
  void timeoutOfTheApplicationIsItsOwnException() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = orders(true);
    client.send(Call.get("http://orders/"));
    hanging(orders, release);
    try {
      assertThatThrownBy(() -> client.send(Call.get("http://orders/").readTimeout(300)))
          .isInstanceOf(client.timeout());
      assertThat(orders.requests()).hasSize(2);
    } finally {
      release.countDown();
    }
  }

  private static TestInstance hanging(TestInstance instance, CountDownLatch until) {
    return hanging(instance, new CountDownLatch(1), until);
  }

  private static TestInstance hanging(
      TestInstance instance, CountDownLatch arrived, CountDownLatch until) {
    return instance.answering(
        r ->
            Reply.of(200, "late")
                .after(
                    () -> {
                      arrived.countDown();
                      try {
                        until.await(30, TimeUnit.SECONDS);
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
  }

  @Test
  void redirectGoesToAnotherHostOfTheMesh() throws Exception {
    TestInstance stock = instance("stock", true).answering(r -> Reply.of(200, "stock"));
    TestInstance orders =
        instance("orders", true)
            .answering(r -> Reply.of(302, "there").with("Location", "http://stock:9090/x"));
    mesh.clear().service("orders", orders).service("stock", stock).apply();
    for (int i = 0; i < 3; i++) {
      Result result = client.send(Call.get("http://orders/"));
      assertThat(result.text()).isEqualTo("stock");
      assertThat(result.url()).isEqualTo("http://stock:9090/x");
      assertThat(stock.last().header("Host")).isEqualTo("stock:9090");
    }
    assertThat(orders.connections()).isEqualTo(1);
    assertThat(stock.connections()).isEqualTo(1);
  }

  @Test
  void redirectCrossesTheBorderBothWays() throws Exception {
    TestInstance outside = instance("outside", false);
    TestInstance orders = orders(true);
    String url = "http://127.0.0.1:" + outside.port() + "/out";
    orders.answering(r -> Reply.of(302, "").with("Location", url));
    assertThat(client.send(Call.get("http://orders/")).text()).isEqualTo("hello");
    orders.answering(r -> Reply.of(200, "inside"));
    outside.answering(r -> Reply.of(302, "").with("Location", "http://orders:8080/in"));
    assertThat(client.send(Call.get(url)).text()).isEqualTo("inside");
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  void redirectIsLeftToAnApplicationThatWantsIt() throws Exception {
    orders(true).answering(r -> Reply.of(302, "").with("Location", "http://nowhere/"));
    Result result = client.send(Call.get("http://orders/").notRedirected());
    assertThat(result.status()).isEqualTo(302);
    assertThat(result.header("location")).isEqualTo("http://nowhere/");
  }

  @Test
  void hostOutsideTheMeshIsUntouched() throws Exception {
    orders(true);
    TestInstance outside = instance("outside", false);
    Call call =
        Call.of("POST", "http://127.0.0.1:" + outside.port() + "/p?q")
            .header("X-A", "1")
            .body("x".getBytes(UTF_8));
    client.send(call);
    List<Map.Entry<String, String>> woven = outside.last().headers();
    Result aside;
    CallDepth.Scope own = CallDepth.agentTraffic();
    try {
      aside = client.send(call);
    } finally {
      own.close();
    }
    assertThat(aside.status()).isEqualTo(200);
    assertThat(woven).isEqualTo(outside.last().headers());
    assertThat(lower(woven)).noneMatch(e -> e.getKey().startsWith("traceparent"));
    assertThat(outside.connections()).isEqualTo(1);
  }

  @Test
  void hostThatNobodyKnowsFailsAsEver() throws Exception {
    orders(true);
    assertThatThrownBy(() -> client.send(Call.get("http://nobody.invalid/")))
        .isInstanceOf(client.unknownHost());
  }

  @Test
  void httpsOfTheApplicationIsItsOwn() throws Exception {
    TestInstance orders = orders(true);
    assertThatThrownBy(() -> client.send(Call.get("https://orders:8443/")))
        .isInstanceOf(client.unknownHost());
    assertThat(orders.connections()).isZero();
  }

  @Test
  void newCertificateMeansNewConnections() throws Exception {
    TestInstance orders = orders(true);
    for (int i = 1; i <= 4; i++) {
      assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
      assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
      assertThat(orders.handshakes()).isEqualTo(i);
      mesh.rotate("caller");
    }
  }

  @Test
  void plaintextConnectionIsNotUsedOnceTheInstanceIsSecured() throws Exception {
    TestInstance plain = orders(false);
    client.send(Call.get("http://orders/"));
    TestInstance secured = orders(true);
    for (int i = 0; i < 3; i++) {
      client.send(Call.get("http://orders/"));
    }
    assertThat(plain.requests()).hasSize(1);
    assertThat(secured.requests()).hasSize(3).allMatch(r -> r.peer().equals("CN=caller"));
  }

  @Test
  void instanceOfAnotherIdentityIsRefused() throws Exception {
    TestInstance impostor = instance("impostor", true);
    mesh.clear().service("orders", TestAuthority.spiffeId("orders"), s -> s, impostor).apply();
    Throwable failure = catchThrowable(() -> client.send(Call.get("http://orders/")));
    assertThat(failure).isInstanceOf(javax.net.ssl.SSLException.class);
    assertThat(impostor.requests()).isEmpty();
  }

  @Test
  void idleConnectionToAServerThatIsWithdrawnIsClosed() throws Exception {
    TestInstance orders = orders(true);
    assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
    assertThat(orders.openConnections()).isEqualTo(1);
    try {
      mesh.withdraw("orders");
      await().atMost(Duration.ofSeconds(5)).until(() -> orders.openConnections() == 0);
      assertThatThrownBy(() -> client.send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class);
    } finally {
      mesh.rotate("caller");
    }
    assertThat(orders.requests()).hasSize(1);
    assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @Test
  void callUnderWayToAServerThatIsWithdrawnEnds() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    TestInstance orders = hanging(orders(true), arrived, release);
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      Future<Result> call =
          caller.submit(() -> client.send(Call.of("POST", "http://orders/").body(new byte[] {1})));
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      mesh.withdraw("orders");
      assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(IOException.class);
    } finally {
      release.countDown();
      caller.shutdown();
      mesh.rotate("caller");
    }
    assertThat(orders.requests()).hasSize(1);
  }

  @Test
  void defectInADecisionRefusesAndNeverSendsPlaintext() throws Exception {
    TestInstance orders = orders(true);
    mesh.breakWith(new IllegalArgumentException("defect"));
    Result refused = client.send(Call.get("http://orders/"));
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("x-weft-rejection")).isEqualTo("SECURE");
    assertThat(orders.connections()).isZero();
    mesh.breakWith(null);
    assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @Test
  @SuppressWarnings("NullAway") // the defect
  void defectInAHookRefusesWithTheClientsOwnException() throws Exception {
    TestInstance orders = orders(true);
    harness.close();
    try (WeavingHarness broken = WeavingHarness.install(null, module())) {
      assertThat(broken.report()).isNotNull();
      assertThatThrownBy(() -> client.send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("mesh");
    } finally {
      harness = WeavingHarness.install(mesh.dataPlane(), module());
    }
    assertThat(orders.connections()).isZero();
    assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("enforcingHooks")
  void defectInOneHookRefusesWithTheClientsOwnException(String hook) throws Exception {
    TestInstance orders = orders(true);
    harness.breakHook(hook);
    try {
      assertThatThrownBy(() -> client.send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("refused by the service mesh");
    } finally {
      harness.breakHook(null);
    }
    assertThat(client.send(Call.get("http://orders/")).status()).isEqualTo(200);
    assertThat(orders.requests()).allMatch(r -> r.peer().equals("CN=caller"));
  }

  @ParameterizedTest
  @MethodSource({"enforcingHooks", "otherHooks"})
  void defectInOneHookNeverSendsPlaintext(String hook) throws Exception {
    TestInstance eavesdropper = instance("orders", false);
    Endpoint secured =
        Endpoint.builder()
            .id("secured")
            .address("127.0.0.1")
            .port(eavesdropper.port())
            .mtls(true)
            .spiffeId(TestAuthority.spiffeId("orders"))
            .build();
    mesh.clear().service("orders", s -> s.endpoints(List.of(secured))).apply();
    harness.breakHook(hook);
    try {
      assertThatThrownBy(() -> client.send(Call.get("http://orders/")))
          .isInstanceOf(IOException.class);
    } finally {
      harness.breakHook(null);
    }
    assertThat(eavesdropper.requests()).isEmpty();
  }

  @Test
  void defectInAHookThatOnlyHelpsIsSurvived() throws Exception {
    for (String hook : otherHooks()) {
      TestInstance orders = orders(true);
      harness.breakHook(hook);
      try {
        assertThat(client.send(Call.get("http://orders/")).status()).as(hook).isEqualTo(200);
      } finally {
        harness.breakHook(null);
      }
      assertThat(orders.last().peer()).isEqualTo("CN=caller");
    }
  }

  @Test
  void headersAreEditedByTheRoute() throws Exception {
    TestInstance orders =
        instance("orders", true)
            .answering(r -> Reply.of(200, "x").with("X-Gone", "1").with("X-Set", "old"));
    HeaderEdits edits =
        HeaderEdits.builder()
            .request(
                HeaderEdits.Edits.of(Map.of("x-set", "v"), Map.of("x-add", "w"), List.of("x-gone")))
            .response(
                HeaderEdits.Edits.of(Map.of("x-set", "r"), Map.of("x-add", "s"), List.of("x-gone")))
            .build();
    route(r -> r.headers(edits), orders);
    Result result =
        client.send(
            Call.get("http://orders/").header("X-Gone", "1").header("X-Add", "u").header("A", "b"));
    assertThat(orders.last().values("x-set")).containsExactly("v");
    assertThat(orders.last().values("x-add")).containsExactly("u", "w");
    assertThat(orders.last().values("x-gone")).isEmpty();
    assertThat(orders.last().header("a")).isEqualTo("b");
    assertThat(result.values("x-set")).containsExactly("r");
    assertThat(result.values("x-add")).containsExactly("s");
    assertThat(result.values("x-gone")).isEmpty();
    assertThat(result.text()).isEqualTo("x");
  }

  @Test
  void traceOfTheCallingThreadIsJoined() throws Exception {
    TestInstance orders = orders(true);
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    TraceContext served = TraceContext.parse(parent, null);
    assertThat(served).isNotNull();
    TraceContext before = TraceContext.swap(served);
    try {
      client.send(Call.get("http://orders/"));
    } finally {
      TraceContext.swap(before);
    }
    assertThat(orders.last().header("traceparent")).contains("0af7651916cd43dd8448eb211c80319c");
    client.send(Call.get("http://orders/"));
    assertThat(orders.last().header("traceparent")).isNull();
  }

  @Test
  void proxyOfTheApplicationIsNotForTheMesh() throws Exception {
    TestInstance orders = orders(true);
    System.setProperty("http.proxyHost", "127.0.0.1");
    System.setProperty("http.proxyPort", "1");
    try (ClientUnderTest proxied = newClient()) {
      assertThat(proxied.send(Call.get("http://orders/p")).status()).isEqualTo(200);
      assertThat(orders.last().target()).isEqualTo("/p");
    } finally {
      System.clearProperty("http.proxyHost");
      System.clearProperty("http.proxyPort");
    }
  }

  @Test
  void manyThreadsShareTheClient() throws Exception {
    TestInstance orders = orders(true).answering(r -> Reply.of(200, r.target()));
    AtomicInteger wrong = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Callable<Void>> tasks = new ArrayList<>();
      for (int t = 0; t < 6; t++) {
        int number = t;
        tasks.add(
            () -> {
              for (int i = 0; i < 50; i++) {
                String path = "/" + number + "/" + i;
                if (!client.send(Call.get("http://orders" + path)).text().equals(path)) {
                  wrong.incrementAndGet();
                }
              }
              return null;
            });
      }
      for (Future<Void> done : threads.invokeAll(tasks)) {
        done.get();
      }
    } finally {
      threads.shutdown();
    }
    assertThat(wrong).hasValue(0);
    assertThat(orders.requests()).hasSize(300);
    assertThat(orders.handshakes()).isLessThanOrEqualTo(12);
  }
}
