package dev.weft.instrumentation.socket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.weft.bootstrap.VirtualNames;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Applications that know nothing but {@code java.net.Socket}. */
@Timeout(60)
class SocketTest {
  private static final TestMesh MESH = TestMesh.create();
  private static WeavingHarness harness;
  private final List<TestInstance> started = new ArrayList<>();

  @BeforeAll
  static void weave() {
    VirtualNames.optIn("orders", "absent");
    harness = WeavingHarness.install(MESH.dataPlane(), new SocketModule());
  }

  @AfterAll
  static void unweave() {
    harness.close();
    VirtualNames.optIn();
  }

  @AfterEach
  void stop() {
    harness.breakHook(null);
    started.forEach(TestInstance::close);
    MESH.rotate("caller");
  }

  private TestInstance instance(String name, boolean secured) throws IOException {
    TestInstance made =
        secured
            ? TestInstance.secured(name, MESH.authority().serverContext("orders"))
            : TestInstance.plain(name);
    made.answering(r -> Reply.of(200, made.name()).andClose());
    started.add(made);
    return made;
  }

  private TestInstance orders(boolean secured) throws IOException {
    TestInstance made = instance("orders", secured);
    MESH.clear().service("orders", made).apply();
    return made;
  }

  /** As an old hand-written client does it: no flush, the whole answer up to the end. */
  private static String get(Socket socket) throws IOException {
    socket
        .getOutputStream()
        .write(
            "GET /raw HTTP/1.1\r\nHost: orders:8080\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
    return new String(socket.getInputStream().readAllBytes(), UTF_8);
  }

  private static String get() throws IOException {
    try (Socket socket = new Socket("orders", 8080)) {
      return get(socket);
    }
  }

  @Test
  void everyClassIsWoven() throws IOException {
    orders(true);
    get();
    assertThat(harness.report())
        .allSatisfy(e -> assertThat(e.state()).as(e.reason()).isEqualTo("applied"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServiceWithoutDnsIsReached(boolean secured) throws IOException {
    TestInstance orders = orders(secured);
    assertThat(get()).startsWith("HTTP/1.1 200").endsWith("orders");
    assertThat(orders.last().header("Host")).isEqualTo("orders:8080");
    assertThat(orders.handshakes()).isEqualTo(secured ? 1 : 0);
  }

  @Test
  void theInstanceSeesTheIdentityOfTheCaller() throws IOException {
    TestInstance orders = orders(true);
    get();
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  void aClientLongDeadIsServed() throws IOException {
    TestInstance orders = orders(true);
    org.apache.commons.httpclient.HttpClient client =
        new org.apache.commons.httpclient.HttpClient();
    for (int i = 0; i < 2; i++) {
      var post = new org.apache.commons.httpclient.methods.PostMethod("http://orders:8080/old");
      post.setRequestEntity(
          new org.apache.commons.httpclient.methods.ByteArrayRequestEntity(
              ("body " + i).getBytes(UTF_8)));
      assertThat(client.executeMethod(post)).isEqualTo(200);
      assertThat(post.getResponseBodyAsString()).isEqualTo("orders");
      post.releaseConnection();
      assertThat(new String(orders.last().body(), UTF_8)).isEqualTo("body " + i);
    }
    assertThat(orders.handshakes()).isEqualTo(2);
  }

  @Test
  void theApplicationSeesTheAddressItConnectedTo() throws IOException {
    orders(true);
    InetAddress address = InetAddress.getByName("orders");
    try (Socket socket = new Socket(address, 8080)) {
      assertThat(socket.getInetAddress()).isEqualTo(address);
      assertThat(socket.getInetAddress().getHostName()).isEqualTo("orders");
      assertThat(socket.getPort()).isEqualTo(8080);
      assertThat(socket.isConnected()).isTrue();
      assertThat(socket.getLocalPort()).isPositive();
      assertThat(socket.getLocalAddress().isLoopbackAddress()).isTrue();
      assertThat(socket.getChannel()).isNull();
    }
    assertThat(InetAddress.getAllByName("ORDERS")).containsExactly(address);
  }

  @Test
  void optionsSetBeforeAndAfterHold() throws IOException {
    orders(true);
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(1234);
      socket.setTcpNoDelay(true);
      socket.setSoLinger(true, 7);
      socket.connect(new InetSocketAddress("orders", 8080), 5000);
      assertThat(socket.getSoTimeout()).isEqualTo(1234);
      assertThat(socket.getTcpNoDelay()).isTrue();
      assertThat(socket.getSoLinger()).isEqualTo(7);
      socket.setKeepAlive(true);
      socket.setReceiveBufferSize(32_000);
      socket.setSoTimeout(4321);
      assertThat(socket.getKeepAlive()).isTrue();
      assertThat(socket.getSoTimeout()).isEqualTo(4321);
      assertThat(get(socket)).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void connectionsAreBalanced() throws IOException {
    TestInstance a = instance("a", true);
    TestInstance b = instance("b", true);
    MESH.clear().service("orders", a, b).apply();
    for (int i = 0; i < 40; i++) {
      get();
    }
    assertThat(a.connections() + b.connections()).isEqualTo(40);
    assertThat(a.connections()).isBetween(5, 35);
  }

  @Test
  void anInstanceThatIsDownIsPassedOver() throws IOException {
    TestInstance down = instance("down", true);
    TestInstance up = instance("up", true);
    MESH.clear().service("orders", down, up).apply();
    down.close();
    for (int i = 0; i < 10; i++) {
      assertThat(get()).endsWith("up");
    }
  }

  @Test
  void nothingListensIsAConnectException() throws IOException {
    orders(true).close();
    assertThatThrownBy(SocketTest::get).isInstanceOf(ConnectException.class);
  }

  @Test
  void weightsOfTheRouteThatTakesEveryRequestCount() throws IOException {
    TestInstance all = instance("all", true);
    TestInstance canary = instance("canary", true);
    Route byPath =
        Route.builder()
            .name("by-path")
            .matches(List.of(RouteMatch.builder().uri(StringMatch.prefix("/")).build()))
            .backends(List.of(backend("orders")))
            .build();
    Route rest = Route.builder().name("rest").backends(List.of(backend("canary"))).build();
    MESH.clear()
        .service("orders", s -> s.routes(List.of(byPath, rest)), all)
        .service("canary", "spiffe://cluster.local/ns/shop/sa/orders", s -> s, canary)
        .apply();
    assertThat(get()).endsWith("canary");
  }

  @Test
  void routesForConnectionsGoByPort() throws IOException {
    TestInstance all = instance("all", true);
    TestInstance canary = instance("canary", true);
    Route byPort =
        Route.builder()
            .matches(List.of(RouteMatch.builder().port(8080).build()))
            .backends(List.of(backend("canary")))
            .build();
    Route rest = Route.builder().name("rest").backends(List.of(backend("canary"))).build();
    MESH.clear()
        .service("orders", s -> s.routes(List.of(rest)).connectionRoutes(List.of(byPort)), all)
        .service("canary", "spiffe://cluster.local/ns/shop/sa/orders", s -> s, canary)
        .apply();
    assertThat(get()).endsWith("canary");
    try (Socket socket = new Socket("orders", 9090)) {
      assertThat(get(socket)).as("none for this port: the whole service").endsWith("all");
    }
  }

  private static Backend backend(String service) {
    return Backend.builder().host(service + ".shop.svc.cluster.local").weight(1).build();
  }

  @Test
  void aNameThatNobodyAskedForIsLeftToDns() throws IOException {
    TestInstance orders = orders(true);
    assertThatThrownBy(() -> new Socket("orders.shop", 8080).close())
        .isInstanceOf(UnknownHostException.class);
    TestInstance outside = instance("outside", false);
    try (Socket socket = new Socket("localhost", outside.port())) {
      assertThat(get(socket)).endsWith("outside");
    }
    assertThat(orders.connections()).isZero();
  }

  @Test
  void aNameThatTheMeshDoesNotKnowIsLeftToDns() throws IOException {
    orders(true);
    assertThatThrownBy(() -> new Socket("absent", 8080).close())
        .isInstanceOf(UnknownHostException.class);
  }

  @Test
  void aPortThatTheServiceHasNotIsRefused() throws IOException {
    TestInstance orders = instance("orders", true);
    MESH.clear().service("orders", s -> s.ports(List.of(8080)), orders).apply();
    assertThat(get()).startsWith("HTTP/1.1 200");
    assertThatThrownBy(() -> new Socket("orders", 9999).close())
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("no service orders on port 9999");
  }

  @Test
  void bytesGoOutAsTheyAreWritten() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    TestInstance orders = orders(true);
    orders.answering(
        r -> {
          arrived.countDown();
          return Reply.of(200, "x");
        });
    try (Socket socket = new Socket("orders", 8080)) {
      for (byte b : "POST / HTTP/1.1\r\nHost: o\r\nContent-Length: 2\r\n\r\nab".getBytes(UTF_8)) {
        socket.getOutputStream().write(b);
      }
      assertThat(arrived.await(10, TimeUnit.SECONDS)).as("without flush, without read").isTrue();
    }
  }

  @Test
  void theReadTimeoutIsTheApplicationsOwn() throws IOException {
    TestInstance orders = orders(true);
    CountDownLatch never = new CountDownLatch(1);
    orders.answering(r -> Reply.of(200, "late").after(() -> await(never)));
    try (Socket socket = new Socket("orders", 8080)) {
      socket.setSoTimeout(200);
      assertThatThrownBy(() -> get(socket)).isInstanceOf(SocketTimeoutException.class);
    } finally {
      never.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void closingEndsAReadThatWaits() throws Exception {
    orders(true);
    Socket socket = new Socket("orders", 8080);
    InputStream in = socket.getInputStream();
    CompletableFuture<Throwable> read =
        CompletableFuture.supplyAsync(() -> catchThrowable(() -> in.read()));
    socket.close();
    assertThat(read.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
    assertThatThrownBy(socket::getInputStream).isInstanceOf(SocketException.class);
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void theConnectionToAServerThatIsWithdrawnEnds() throws Exception {
    orders(true);
    try (Socket socket = new Socket("orders", 8080)) {
      CompletableFuture<Throwable> read =
          CompletableFuture.supplyAsync(() -> catchThrowable(() -> get(socket)));
      MESH.withdraw("orders");
      read.get(10, TimeUnit.SECONDS);
      assertThatThrownBy(SocketTest::get).isInstanceOf(IOException.class);
    }
  }

  @Test
  void anInstanceOfAnotherIdentityIsRefused() throws IOException {
    TestInstance impostor = TestInstance.secured("x", MESH.authority().serverContext("impostor"));
    started.add(impostor);
    MESH.clear().service("orders", impostor).apply();
    assertThatThrownBy(SocketTest::get).isInstanceOf(IOException.class);
    assertThat(impostor.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ResolveHook", "ConnectHook"})
  void aDefectRefusesAndOthersDoNotNotice(String hook) throws IOException {
    TestInstance orders = orders(true);
    harness.breakHook("dev.weft.instrumentation.socket." + hook);
    assertThatThrownBy(SocketTest::get).isInstanceOf(IOException.class);
    assertThat(orders.requests()).isEmpty();
    TestInstance outside = instance("outside", false);
    try (Socket socket = new Socket("localhost", outside.port())) {
      assertThat(get(socket)).endsWith("outside");
    }
  }
}
