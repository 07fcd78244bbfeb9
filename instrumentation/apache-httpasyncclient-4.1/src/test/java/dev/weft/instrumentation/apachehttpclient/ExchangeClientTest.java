package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPut;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.CloseableHttpPipeliningClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.client.methods.AsyncCharConsumer;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.reactor.IOReactorException;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the contract does not ask of the asynchronous client. The service is named as the loopback
 * address is, so that DNS would find an instance.
 */
@Timeout(60)
class ExchangeClientTest {
  private static final String PACKAGE = ExchangeClientTest.class.getPackageName() + ".";

  private final TestMesh mesh = TestMesh.create();
  private TestInstance service;
  private TestInstance outside;
  private WeavingHarness harness;
  private CloseableHttpAsyncClient client;

  /** What the client asks its connection manager for; may throw. */
  private volatile Consumer<String> managed = name -> {};

  @BeforeEach
  void start() throws IOException {
    service = TestInstance.secured("localhost", mesh.authority().serverContext("localhost"));
    outside = TestInstance.plain("outside");
    mesh.service("localhost", service).apply();
    harness = WeavingHarness.install(mesh.dataPlane(), new ApacheExchangeModule());
    client = HttpAsyncClients.custom().setConnectionManager(watchedPool()).build();
    client.start();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    harness.close();
    service.close();
    outside.close();
  }

  private NHttpClientConnectionManager watchedPool() throws IOReactorException {
    PoolingNHttpClientConnectionManager pool =
        new PoolingNHttpClientConnectionManager(new DefaultConnectingIOReactor());
    Class<?> type = NHttpClientConnectionManager.class;
    return (NHttpClientConnectionManager)
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              managed.accept(method.getName());
              try {
                return method.invoke(pool, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private String ofService() {
    return "http://localhost:" + service.port() + "/";
  }

  private Future<HttpResponse> ask() {
    return client.execute(new HttpGet(ofService()), null);
  }

  private static HttpHost host(TestInstance instance) {
    return new HttpHost(instance.isSecured() ? "localhost" : "127.0.0.1", instance.port());
  }

  private static List<HttpResponse> pipelined(TestInstance instance) throws Exception {
    try (CloseableHttpPipeliningClient pipelining = HttpAsyncClients.createPipelining()) {
      pipelining.start();
      return pipelining
          .execute(host(instance), List.of(new HttpGet("/one"), new HttpGet("/two")), null)
          .get();
    }
  }

  @Test
  void pipelinedCallIntoTheMeshIsRefused() {
    assertThatThrownBy(() -> pipelined(service))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("the service mesh carries no pipelined requests");
    assertThat(service.connections()).isZero();
  }

  @Test
  void pipelinedCallToTheOutsideIsUntouched() throws Exception {
    assertThat(pipelined(outside))
        .hasSize(2)
        .allSatisfy(r -> assertThat(EntityUtils.toString(r.getEntity())).isEqualTo("hello"));
    assertThat(outside.connections()).isEqualTo(1);
    assertThat(outside.last().header("traceparent")).isNull();
  }

  @Test
  void instanceThatRefusesConnectionsIsAskedOncePerAttempt() {
    AtomicInteger asked = new AtomicInteger();
    managed = name -> asked.addAndGet(name.equals("requestConnection") ? 1 : 0);
    service.close();
    assertThatThrownBy(() -> ask().get()).cause().isInstanceOf(ConnectException.class);
    assertThat(asked.get()).isBetween(1, 3);
  }

  @Test
  void deadConnectionsOfThePoolAreRepeatedOnNewOnes() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(ask().get().getStatusLine().getStatusCode()).isEqualTo(200);
      service.closeConnections();
    }
    assertThat(service.requests()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"requestConnection", "isRouteComplete", "routeComplete"})
  void errorInAnAttemptFailsTheCall(String broken) throws Exception {
    managed =
        name -> {
          if (name.equals(broken)) {
            throw new LinkageError("defect");
          }
        };
    assertThatThrownBy(() -> ask().get(20, TimeUnit.SECONDS))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused by the service mesh");
    managed = name -> {};
    assertThat(ask().get().getStatusLine().getStatusCode()).isEqualTo(200);
  }

  @Test
  void callbackHearsOfARefusalAndExecuteThrowsNothing() throws Exception {
    harness.breakHook(PACKAGE + "ExchangeHook");
    CountDownLatch failed = new CountDownLatch(1);
    Future<HttpResponse> future =
        client.execute(
            new HttpPut(ofService()),
            new FutureCallback<>() {
              @Override
              public void completed(HttpResponse result) {}

              @Override
              public void failed(Exception e) {
                failed.countDown();
              }

              @Override
              public void cancelled() {}
            });
    assertThatThrownBy(future::get)
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused by the service mesh");
    failed.await();
    assertThat(service.connections()).isZero();
  }

  @Test
  void pooledConnectionFromBeforeTheMeshIsNotUsedWithoutIt() throws Exception {
    try (TestInstance plain = TestInstance.plain("plain")) {
      HttpGet get = new HttpGet("http://localhost:" + plain.port() + "/");
      mesh.clear().apply();
      assertThat(client.execute(get, null).get().getStatusLine().getStatusCode()).isEqualTo(200);
      mesh.service("localhost", service).apply();
      harness.breakHook(PACKAGE + "ExchangeHook");
      assertThatThrownBy(() -> client.execute(get, null).get())
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessageContaining("refused by the service mesh");
      assertThat(plain.requests()).hasSize(1);
    }
  }

  @Test
  void cancelDoesNotWaitForAConsumerThatIsBusy() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    Future<String> future =
        client.execute(
            HttpAsyncMethods.createGet(ofService()),
            new AsyncCharConsumer<String>() {
              @Override
              protected void onResponseReceived(HttpResponse response) {}

              @Override
              protected void onCharReceived(java.nio.CharBuffer buffer, IOControl control)
                  throws IOException {
                busy.countDown();
                try {
                  cancelled.await();
                } catch (InterruptedException e) {
                  throw new IOException(e);
                }
              }

              @Override
              protected String buildResult(HttpContext context) {
                return "built";
              }
            },
            null);
    busy.await();
    Thread canceller = new Thread(() -> future.cancel(true));
    canceller.start();
    canceller.join(10_000);
    boolean waited = canceller.isAlive();
    cancelled.countDown();
    canceller.join();
    assertThat(waited).as("waited for the consumer").isFalse();
    assertThat(future.isCancelled()).isTrue();
  }

  @Test
  void defectOfAnInterceptorIsToldAsItIs() throws Exception {
    IllegalStateException defect = new IllegalStateException("of the application");
    try (CloseableHttpAsyncClient intercepted =
        HttpAsyncClients.custom()
            .addInterceptorLast(
                (org.apache.http.HttpRequest r, HttpContext c) -> {
                  throw defect;
                })
            .build()) {
      intercepted.start();
      HttpPut put = new HttpPut(ofService());
      put.setEntity(new StringEntity("text"));
      assertThatThrownBy(() -> intercepted.execute(put, null).get()).cause().isSameAs(defect);
    }
  }
}
