package dev.weft.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.Held;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.util.TimeValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the classic client's own, beside the contract. */
@Timeout(60)
class ClassicClientTest extends WovenClientTest {
  private static final org.apache.hc.core5.util.Timeout ONE_MINUTE =
      org.apache.hc.core5.util.Timeout.ofMinutes(1);

  private final HttpClientBuilder builder = HttpClients.custom();

  ClassicClientTest() {
    super(new ApacheHttpClientModule());
  }

  private static HttpUriRequestBase get() {
    return new HttpGet("http://orders:8080/x");
  }

  private static String send(CloseableHttpClient client, HttpUriRequestBase request)
      throws IOException {
    return client.execute(
        request,
        HttpClientContext.create(),
        r -> r.getCode() + EntityUtils.toString(r.getEntity()));
  }

  @Test
  void connectionThatNoChainMadeIsRefused() throws Exception {
    try (TestInstance plain = TestInstance.plain("localhost");
        PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager()) {
      HttpRoute route = new HttpRoute(new HttpHost("localhost", plain.port()));
      TimeValue second = TimeValue.ofSeconds(1);
      mesh.clear().service("localhost", plain).apply();
      ConnectionEndpoint endpoint = pool.lease("x", route, ONE_MINUTE, null).get(ONE_MINUTE);
      assertThatThrownBy(() -> pool.connect(endpoint, second, HttpClientContext.create()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("refused by the service mesh");
      assertThat(plain.connections()).isZero();
      mesh.clear().apply();
      pool.connect(endpoint, second, HttpClientContext.create());
      assertThat(endpoint.isConnected()).isTrue();
    }
  }

  @Test
  void minimalClientIsSecuredAndRetried() throws Exception {
    try (TestInstance bad = secured("orders").answering(r -> Reply.of(503, "no"));
        CloseableHttpClient client = HttpClients.createMinimal()) {
      mesh.clear().service("orders", bad, orders).apply();
      for (int i = 0; i < 4; i++) {
        HttpUriRequestBase request =
            new HttpUriRequestBase("PUT", URI.create("http://orders:8080/x"));
        request.setEntity(new StringEntity("body"));
        assertThat(send(client, request)).isEqualTo("200hello");
        assertThat(request.getHeaders()).as("the application's own object").isEmpty();
        assertThat(orders.last().peer()).isEqualTo("CN=caller");
        assertThat(orders.last().values("Host")).containsExactly("orders:8080");
      }
      assertThat(orders.requests()).hasSize(4);
      assertThat(orders.connections()).isEqualTo(1);
    }
  }

  @Test
  void minimalClientGetsRefusalsAsResponses() throws Exception {
    mesh.breakWith(new IllegalStateException("defect"));
    try (CloseableHttpClient client = HttpClients.createMinimal()) {
      assertThat(send(client, get())).startsWith("503");
    }
  }

  @Test
  void clientThatDoesNotRetryIsInTheMeshAllTheSame() throws Exception {
    try (TestInstance bad = secured("orders").answering(r -> Reply.of(503, "no"));
        CloseableHttpClient client = builder.disableAutomaticRetries().build()) {
      mesh.clear().service("orders", bad, orders).apply();
      for (int i = 0; i < 4; i++) {
        assertThat(send(client, get())).isEqualTo("200hello");
      }
      assertThat(orders.requests()).hasSize(4);
    }
  }

  @Test
  void libraryDoesNotRetryOnTopOfTheMesh() throws Exception {
    orders.answering(r -> Reply.of(503, "no"));
    try (CloseableHttpClient client = builder.build()) {
      assertThat(send(client, get())).isEqualTo("503no");
    }
    assertThat(orders.requests()).hasSize(3);
  }

  @Test
  void chainWithoutAnElementThatTheMeshKnowsIsRefused() throws Exception {
    try (CloseableHttpClient client =
        builder
            .disableAutomaticRetries()
            .replaceExecInterceptor(
                ChainElement.PROTOCOL.name(),
                (request, scope, chain) -> chain.proceed(request, scope))
            .build()) {
      assertThatThrownBy(() -> send(client, get()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("refused by the service mesh");
    }
    assertThat(orders.connections()).isZero();
  }

  @Test
  void challengeIsAnsweredAndEditsStay() throws Exception {
    HeaderEdits edits =
        HeaderEdits.builder()
            .request(HeaderEdits.Edits.of(Map.of("x-set", "v"), Map.of(), List.of()))
            .build();
    route(r -> r.headers(edits), orders);
    orders.answering(
        r ->
            r.header("authorization") == null
                ? Reply.of(401, "who").with("WWW-Authenticate", "Basic realm=\"r\"")
                : Reply.of(200, "you"));
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(
        new AuthScope("orders", 8080), new UsernamePasswordCredentials("u", "p".toCharArray()));
    try (CloseableHttpClient client = builder.setDefaultCredentialsProvider(credentials).build()) {
      assertThat(send(client, get())).isEqualTo("200you");
    }
    assertThat(orders.requests()).hasSize(2).allMatch(r -> "v".equals(r.header("x-set")));
    assertThat(orders.connections()).isEqualTo(1);
  }

  @Test
  void cookiesBelongToTheServiceNotToTheInstance() throws Exception {
    BasicCookieStore cookies = new BasicCookieStore();
    orders.answering(r -> Reply.of(200, "").with("Set-Cookie", "a=b"));
    try (CloseableHttpClient client = builder.setDefaultCookieStore(cookies).build()) {
      send(client, get());
      send(client, get());
    }
    assertThat(cookies.getCookies()).singleElement().matches(c -> c.getDomain().equals("orders"));
    assertThat(orders.last().header("cookie")).isEqualTo("a=b");
  }

  @Test
  void abortEndsTheCallAlsoAfterARedirect() throws Exception {
    CountDownLatch arrived = new CountDownLatch(1);
    Held held = new Held();
    orders.answering(
        r ->
            r.target().equals("/x")
                ? Reply.of(302, "").with("Location", "http://orders:8080/slow")
                : Reply.of(200, "late").after(() -> hang(arrived, held)));
    HttpUriRequestBase request = get();
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try (CloseableHttpClient client = builder.build()) {
      Future<String> call = caller.submit(() -> send(client, request));
      assertThat(arrived.await(10, TimeUnit.SECONDS)).isTrue();
      request.cancel();
      assertThatThrownBy(() -> call.get(5, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(IOException.class);
      assertThat(orders.requests()).hasSize(2);
    } finally {
      held.release();
      caller.shutdown();
    }
  }

  @Test
  void poolWithoutAFreeConnectionEndsWithTheTimeOfTheRoute() throws Exception {
    PoolingHttpClientConnectionManager pool =
        PoolingHttpClientConnectionManagerBuilder.create().setMaxConnPerRoute(1).build();
    try (CloseableHttpClient client = builder.setConnectionManager(pool).build()) {
      // The first call makes a connection and loads classes, which takes its time.
      assertThat(send(client, get())).isEqualTo("200hello");
      route(r -> r.timeoutMillis(1_000), orders);
      String status =
          client.execute(
              get(),
              HttpClientContext.create(),
              holding -> {
                try {
                  return send(client, get());
                } catch (IOException e) {
                  return e.getClass().getSimpleName();
                }
              });
      assertThat(status).matches("504.*|SocketTimeoutException");
      assertThat(send(client, get())).isEqualTo("200hello");
    }
  }

  @Test
  void applicationSeesItsOwnRoute() throws Exception {
    HttpClientContext context = HttpClientContext.create();
    try (CloseableHttpClient client = builder.build()) {
      client.execute(get(), context, r -> EntityUtils.toString(r.getEntity()));
    }
    assertThat(context.getHttpRoute().getTargetHost().toURI()).isEqualTo("http://orders:8080");
    assertThat(context.getUserToken()).isNull();
  }

  private static void hang(CountDownLatch arrived, Held held) {
    arrived.countDown();
    held.hang();
  }
}
