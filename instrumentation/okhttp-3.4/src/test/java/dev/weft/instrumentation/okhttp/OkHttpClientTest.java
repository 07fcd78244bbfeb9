package dev.weft.instrumentation.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.RetryPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is OkHttp's own, beside the contract. */
@Timeout(60)
class OkHttpClientTest extends WovenClientTest {
  private final OkHttpClient.Builder builder = new OkHttpClient.Builder();

  OkHttpClientTest() {
    super(new OkHttpModule());
  }

  private static Request get() {
    return new Request.Builder().url("http://orders:8080/x").build();
  }

  private static String send(OkHttpClient client, Request request) throws IOException {
    return read(client.newCall(request));
  }

  private static String read(Call call) throws IOException {
    try (Response response = call.execute()) {
      return response.code() + response.body().string();
    }
  }

  @Test
  void libraryDoesNotRetryOnTopOfTheMesh() throws Exception {
    orders.answering(r -> Reply.hangUp());
    assertThatThrownBy(() -> send(builder.build(), get())).isInstanceOf(IOException.class);
    assertThat(orders.requests()).hasSize(3);
    orders.answering(r -> Reply.of(200, "back"));
    Request post =
        new Request.Builder()
            .url("http://orders:8080/x")
            .post(RequestBody.create(null, "p"))
            .build();
    assertThat(send(builder.build(), post)).isEqualTo("200back");
    orders.answering(r -> Reply.hangUp());
    assertThatThrownBy(() -> send(builder.build(), post)).isInstanceOf(IOException.class);
    assertThat(orders.requests()).hasSize(5);
  }

  private static void await(CountDownLatch until) {
    try {
      until.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void attemptThatTakesTooLongOnAPooledConnectionIsRetriedAtAnother() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    OkHttpClient client = builder.readTimeout(0, TimeUnit.SECONDS).build();
    assertThat(send(client, get())).isEqualTo("200hello");
    try (TestInstance good = secured("orders")) {
      RetryPolicy retries =
          RetryPolicy.builder()
              .attempts(3)
              .perTryTimeoutMillis(1000)
              .retryOn(List.of("5xx"))
              .build();
      route(r -> r.retries(retries), orders, good);
      orders.answering(r -> Reply.of(200, "late").after(() -> await(release)));
      // Which of the two a call goes to first is chance.
      int calls = 0;
      do {
        assertThat(send(client, get())).isEqualTo("200hello");
        calls++;
      } while (orders.requests().size() < 2 && calls < 100);
      assertThat(good.requests()).hasSize(calls);
      assertThat(orders.requests()).hasSizeGreaterThan(1);
    } finally {
      release.countDown();
    }
  }

  @Test
  void challengeIsAnsweredByTheApplicationOnceAndEditsStay() throws Exception {
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
    AtomicInteger asked = new AtomicInteger();
    builder.authenticator(
        (route, response) -> {
          asked.incrementAndGet();
          return response
              .request()
              .newBuilder()
              .header("Authorization", Credentials.basic("u", "p"))
              .build();
        });
    assertThat(send(builder.build(), get())).isEqualTo("200you");
    assertThat(asked).hasValue(1);
    assertThat(orders.requests()).hasSize(2).allMatch(r -> "v".equals(r.header("x-set")));
    assertThat(orders.connections()).isEqualTo(1);
  }

  @Test
  void challengeOfAProxyThatIsNoneIsTheLibrarysOwnFailure() {
    orders.answering(r -> Reply.of(407, "pay"));
    assertThatThrownBy(() -> send(builder.build(), get()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("407");
  }

  @Test
  void answerFromTheCacheIsNoCall(@TempDir Path folder) throws Exception {
    orders.answering(r -> Reply.of(200, "kept").with("Cache-Control", "max-age=100"));
    OkHttpClient client = builder.cache(new Cache(folder.toFile(), 1 << 20)).build();
    mesh.protocols().clear();
    for (int i = 0; i < 3; i++) {
      assertThat(send(client, get())).isEqualTo("200kept");
    }
    assertThat(orders.requests()).hasSize(1);
    assertThat(mesh.protocols()).hasSize(1);
    client.cache().close();
  }

  @Test
  void proxyOfTheClientIsNotForTheMesh() throws Exception {
    Proxy nowhere = new Proxy(Proxy.Type.HTTP, new InetSocketAddress("127.0.0.1", 1));
    assertThat(send(builder.proxy(nowhere).build(), get())).isEqualTo("200hello");
    assertThat(orders.last().target()).isEqualTo("/x");
  }

  @Test
  void networkInterceptorsSeeTheServiceAndMayCallOthersMeanwhile() throws Exception {
    try (TestInstance stock = secured("stock").answering(r -> Reply.of(200, "stock"))) {
      mesh.clear().service("orders", orders).service("stock", stock).apply();
      OkHttpClient other = new OkHttpClient();
      List<String> seen = new ArrayList<>();
      builder.addNetworkInterceptor(
          chain -> {
            seen.add(chain.request().url().host());
            seen.add(chain.connection().route().socketAddress().getAddress().getHostAddress());
            seen.add(
                send(other, new Request.Builder().url("http://stock:9090/" + seen.size()).build()));
            return chain.proceed(chain.request().newBuilder().header("x-net", "1").build());
          });
      OkHttpClient client = builder.build();
      assertThat(send(client, get())).isEqualTo("200hello");
      assertThat(send(client, get())).isEqualTo("200hello");
      assertThat(seen).startsWith("orders", "127.0.0.1", "200stock").hasSize(6);
      assertThat(orders.last().header("x-net")).isEqualTo("1");
      assertThat(orders.connections()).isEqualTo(1);
    }
  }

  @Test
  void redirectWithinTheServiceMayGoToAnotherInstance() throws Exception {
    try (TestInstance other = secured("orders")) {
      mesh.clear().service("orders", orders, other).apply();
      for (TestInstance each : List.of(orders, other)) {
        each.answering(
            r ->
                r.target().equals("/end")
                    ? Reply.of(200, each == orders ? "one" : "two")
                    : Reply.of(302, "").with("Location", "/end"));
      }
      OkHttpClient client = builder.build();
      for (int i = 0; i < 10; i++) {
        assertThat(send(client, get())).isIn("200one", "200two");
      }
      assertThat(orders.requests().size() + other.requests().size()).isEqualTo(20);
      assertThat(orders.requests()).isNotEmpty();
      assertThat(other.requests()).isNotEmpty();
      assertThat(orders.connections() + other.connections()).isEqualTo(2);
    }
  }
}
