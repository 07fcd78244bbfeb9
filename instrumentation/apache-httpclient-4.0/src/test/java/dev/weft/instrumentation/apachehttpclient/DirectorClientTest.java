package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.conn.ManagedClientConnection;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.params.BasicHttpParams;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code DefaultHttpClient} with the connection manager it has by default, which keeps one
 * connection. The service is named as the loopback address is, so that DNS would find an instance.
 */
@Timeout(60)
class DirectorClientTest {
  private final TestMesh mesh = TestMesh.create();
  private TestInstance service;
  private TestInstance outside;
  private WeavingHarness harness;
  private DefaultHttpClient client;

  @BeforeEach
  void start() throws IOException {
    service = TestInstance.secured("localhost", mesh.authority().serverContext("localhost"));
    outside = TestInstance.plain("outside");
    mesh.service("localhost", service).apply();
    harness = WeavingHarness.install(mesh.dataPlane(), new ApacheDirectorModule());
    client = new DefaultHttpClient();
  }

  @AfterEach
  void stop() {
    client.getConnectionManager().shutdown();
    harness.close();
    service.close();
    outside.close();
  }

  private String get(String url) throws IOException {
    HttpResponse response = client.execute(new HttpGet(url));
    return EntityUtils.toString(response.getEntity());
  }

  private static void consume(HttpResponse response) throws IOException {
    if (response.getEntity() != null) {
      response.getEntity().getContent().close();
    }
  }

  private String ofService() {
    return "http://localhost:" + service.port() + "/";
  }

  private String ofOutside() {
    return "http://127.0.0.1:" + outside.port() + "/";
  }

  @Test
  void hostOfTheMeshIsSecured() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(get(ofService())).isEqualTo("hello");
    }
    assertThat(service.last().peer()).isEqualTo("CN=caller");
    assertThat(service.last().values("Host")).containsExactly("localhost:" + service.port());
    assertThat(service.handshakes()).isEqualTo(1);
    assertThat(service.connections()).isEqualTo(1);
  }

  @Test
  void proxyOfTheClientIsPassedBy() throws IOException {
    client.getParams().setParameter("http.route.default-proxy", new HttpHost("127.0.0.1", 1));
    assertThat(get(ofService() + "past?it=1")).isEqualTo("hello");
    assertThat(service.last().target()).isEqualTo("/past?it=1");
    assertThat(service.last().peer()).isEqualTo("CN=caller");
  }

  @Test
  void answersWithoutBodyGiveTheirConnectionBack() throws IOException {
    for (int status : new int[] {204, 304, 200}) {
      service.answering(r -> Reply.of(status, ""));
      HttpResponse response = client.execute(new HttpGet(ofService()));
      assertThat(response.getStatusLine().getStatusCode()).isEqualTo(status);
      consume(response);
    }
    // The manager has one connection to give, and refuses the next call while that is out.
    assertThat(service.requests()).hasSize(3);
  }

  @Test
  void redirectIntoTheMeshAndOutOfItIsFollowed() throws IOException {
    outside.answering(r -> Reply.of(302, "").with("Location", ofService()));
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(service.last().peer()).isEqualTo("CN=caller");
    outside.answering(r -> Reply.of(200, "outside"));
    service.answering(r -> Reply.of(302, "").with("Location", ofOutside()));
    assertThat(get(ofService())).isEqualTo("outside");
    assertThat(outside.last().header("traceparent")).isNull();
  }

  @Test
  void redirectWithinTheServiceIsFollowed() throws IOException {
    service.answering(
        r ->
            r.target().equals("/next")
                ? Reply.of(200, "next")
                : Reply.of(302, "").with("Location", "/next"));
    assertThat(get(ofService())).isEqualTo("next");
    assertThat(service.connections()).isEqualTo(1);
  }

  @Test
  void connectionFromBeforeTheHostBelongedToTheMeshIsNotUsed() throws IOException {
    try (TestInstance plain = TestInstance.plain("plain")) {
      String url = "http://localhost:" + plain.port() + "/";
      mesh.clear().apply();
      assertThat(get(url)).isEqualTo("hello");
      mesh.service("localhost", service).apply();
      assertThat(get(url)).isEqualTo("hello");
      assertThat(plain.requests()).hasSize(1);
      assertThat(service.last().peer()).isEqualTo("CN=caller");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/elsewhere"})
  void abortOfTheApplicationEndsTheCall(String path) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    outside.answering(r -> Reply.of(302, "").with("Location", ofService()));
    service.answering(
        r -> {
          if (r.target().equals("/elsewhere")) {
            return Reply.of(302, "").with("Location", ofOutside());
          }
          asked.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Reply.of(200, "late");
        });
    HttpGet request = new HttpGet("http://localhost:" + service.port() + path);
    Thread abort =
        new Thread(
            () -> {
              try {
                asked.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              request.abort();
            });
    abort.start();
    assertThatThrownBy(() -> client.execute(request)).isInstanceOf(IOException.class);
    answer.countDown();
    abort.join();
    assertThat(service.requests().size()).isEqualTo(path.equals("/") ? 1 : 2);
    service.answering(r -> Reply.of(200, "again"));
    assertThat(get(ofService())).isEqualTo("again");
  }

  @Test
  void poolThatAllVersionsHaveIsSharedByThreads() throws IOException {
    ClientConnectionManager pool = DirectorContractTest.threadSafe(2);
    client.getConnectionManager().shutdown();
    client = new DefaultHttpClient(pool, new BasicHttpParams());
    for (int i = 0; i < 3; i++) {
      assertThat(get(ofService())).isEqualTo("hello");
    }
    assertThat(service.last().peer()).isEqualTo("CN=caller");
    assertThat(service.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void timeOfTheAttemptEndsAWaitForThePool(boolean threadSafe) throws Exception {
    client.getConnectionManager().shutdown();
    client =
        new DefaultHttpClient(
            threadSafe ? DirectorContractTest.threadSafe(1) : DirectorContractTest.pool(1),
            new BasicHttpParams());
    assertThat(get(ofService())).isEqualTo("hello");
    Backend backend = Backend.builder().host("localhost.shop.svc.cluster.local").weight(1).build();
    Route route = Route.builder().name("r").backends(List.of(backend)).timeoutMillis(1_000).build();
    mesh.clear().service("localhost", s -> s.routes(List.of(route)), service).apply();
    HttpResponse unread = client.execute(new HttpGet(ofService()));
    // Answered by the mesh, or failed with a timeout; without the mesh it would wait for ever.
    AtomicReference<Object> end = new AtomicReference<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                end.set(client.execute(new HttpGet(ofService())).getStatusLine().getStatusCode());
              } catch (IOException e) {
                end.set(e.getClass());
              }
            });
    waiting.start();
    waiting.join(10_000);
    boolean ended = !waiting.isAlive();
    consume(unread);
    waiting.join();
    assertThat(ended).as("ended before the pool had a connection").isTrue();
    assertThat(end.get()).isIn(504, SocketTimeoutException.class);
    assertThat(waiting.isInterrupted()).isFalse();
    assertThat(get(ofService())).isEqualTo("hello");
    assertThat(service.requests()).hasSize(3);
  }

  @Test
  void applicationsRetriesAreAskedAboutOtherHostsOnly() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    client.setHttpRequestRetryHandler((failure, count, context) -> asked.incrementAndGet() < 0);
    String url = ofService();
    service.close();
    assertThatThrownBy(() -> get(url)).isInstanceOf(ConnectException.class);
    assertThat(asked).hasValue(0);
    outside.answering(r -> Reply.of(200, "").after(outside::closeConnections));
    assertThatThrownBy(() -> get(ofOutside())).isInstanceOf(IOException.class);
    assertThat(asked).hasValue(1);
  }

  @Test
  void connectionThatNoDirectorMadeIsRefused() throws Exception {
    HttpRoute route = new HttpRoute(new HttpHost("localhost", service.port()));
    ManagedClientConnection connection =
        client
            .getConnectionManager()
            .requestConnection(route, null)
            .getConnection(1, TimeUnit.SECONDS);
    assertThatThrownBy(() -> connection.open(route, new BasicHttpContext(), client.getParams()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused by the service mesh");
    connection.releaseConnection();
    assertThat(service.connections()).isZero();
  }

  @Test
  void hostOutsideTheMeshIsUntouched() throws IOException {
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(outside.connections()).isEqualTo(1);
    assertThat(outside.last().header("traceparent")).isNull();
  }
}
