package dev.weft.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.nio.AsyncRequestConsumer;
import org.apache.hc.core5.http.nio.AsyncServerRequestHandler;
import org.apache.hc.core5.http.nio.entity.StringAsyncEntityConsumer;
import org.apache.hc.core5.http.nio.ssl.TlsStrategy;
import org.apache.hc.core5.http.nio.support.BasicRequestConsumer;
import org.apache.hc.core5.http.nio.support.BasicResponseProducer;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ListenerEndpoint;
import org.apache.hc.core5.reactor.ssl.SSLBufferMode;
import org.apache.hc.core5.reactor.ssl.TransportSecurityLayer;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HTTP/2 over TLS, of the mesh or with a server outside, where client and instance agree on it. */
@Timeout(60)
class AsyncHttp2Test {
  private final TestMesh mesh = TestMesh.create();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final Queue<String> versions = new ConcurrentLinkedQueue<>();

  /** Later versions negotiate for {@code https} alone; what the application forces holds in all. */
  static Stream<HttpVersionPolicy> policies() {
    boolean oldest = "5.0".equals(System.getProperty("weft.test.httpclient"));
    Stream<HttpVersionPolicy> forced = Stream.of(HttpVersionPolicy.FORCE_HTTP_2);
    return oldest ? Stream.concat(Stream.of(HttpVersionPolicy.NEGOTIATE), forced) : forced;
  }

  @ParameterizedTest
  @MethodSource("policies")
  void callsShareConnectionsOfHttp2(HttpVersionPolicy policy) throws Exception {
    callsShareConnections(
        policy,
        new Tls(mesh.authority().serverContext("orders"), true),
        port -> mesh.service("orders", s -> s.endpoints(List.of(endpoint(port)))).apply());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void callsToAServerOutsideShareThemToo(HttpVersionPolicy policy) throws Exception {
    TestAuthority authority = mesh.authority();
    TrafficPolicy simple =
        TrafficPolicy.builder()
            .tls(TlsMode.SIMPLE)
            .origination(TlsOrigination.builder().insecureSkipVerify(true).build())
            .build();
    callsShareConnections(
        policy,
        new Tls(authority.serverContext(authority.issueFor("orders")), false),
        port ->
            mesh.service("orders", s -> s.trafficPolicy(simple).endpoints(List.of(endpoint(port))))
                .apply());
  }

  @SuppressWarnings("deprecation") // the way that every version has
  private void callsShareConnections(HttpVersionPolicy policy, Tls tls, IntConsumer apply)
      throws Exception {
    HttpAsyncServer server =
        H2ServerBootstrap.bootstrap()
            .setCanonicalHostName("orders")
            .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
            .setTlsStrategy(tls)
            .register("*", new Echo())
            .create();
    server.start();
    int port = listen(server, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    apply.accept(port);
    try (WeavingHarness harness =
            WeavingHarness.install(mesh.dataPlane(), new ApacheHttpAsyncClientModule());
        CloseableHttpAsyncClient client =
            HttpAsyncClients.custom().setVersionPolicy(policy).build()) {
      client.start();
      for (int i = 0; i < 5; i++) {
        assertThat(post(client, "body " + i).get(10, TimeUnit.SECONDS).getBodyText())
            .isEqualTo("echo body " + i);
      }
      List<Future<SimpleHttpResponse>> calls = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        calls.add(post(client, "many"));
      }
      for (Future<SimpleHttpResponse> call : calls) {
        assertThat(call.get(20, TimeUnit.SECONDS).getCode()).isEqualTo(200);
      }
      assertThat(harness.report()).isNotEmpty();
      assertThat(versions).hasSize(55).containsOnly("HTTP/2.0");
      assertThat(handshakes.get()).isLessThanOrEqualTo(5);
      await().untilAsserted(() -> assertThat(mesh.protocols()).hasSize(55).containsOnly("2"));
      if (policy == HttpVersionPolicy.FORCE_HTTP_2) {
        TrafficPolicy limit =
            TrafficPolicy.builder()
                .connectionPool(ConnectionPool.builder().maxRequestsPerConnection(1).build())
                .build();
        mesh.clear()
            .service("orders", s -> s.trafficPolicy(limit).endpoints(List.of(endpoint(port))))
            .apply();
        assertThatThrownBy(() -> post(client, "one").get(10, TimeUnit.SECONDS))
            .rootCause()
            .hasMessageContaining("speaks HTTP/2 alone")
            .hasMessageContaining("maxRequestsPerConnection");
      }
    } finally {
      server.close(CloseMode.IMMEDIATE);
    }
  }

  /** Later versions ask which scheme the port is for, and leave out TLS without an answer. */
  private static int listen(HttpAsyncServer server, SocketAddress at) throws Exception {
    Future<?> listening;
    try {
      listening =
          (Future<?>)
              HttpAsyncServer.class
                  .getMethod("listen", SocketAddress.class, URIScheme.class)
                  .invoke(server, at, URIScheme.HTTPS);
    } catch (NoSuchMethodException e) {
      listening = server.listen(at);
    }
    ListenerEndpoint endpoint = (ListenerEndpoint) listening.get();
    return ((InetSocketAddress) endpoint.getAddress()).getPort();
  }

  private static Future<SimpleHttpResponse> post(CloseableHttpAsyncClient client, String body) {
    SimpleHttpRequest request = new SimpleHttpRequest("POST", URI.create("http://orders:8080/x"));
    request.setBody(body, null);
    return client.execute(request, null);
  }

  private static Endpoint endpoint(int port) {
    return Endpoint.builder()
        .id("orders-" + port)
        .address("127.0.0.1")
        .port(port)
        .mtls(true)
        .spiffeId(TestAuthority.spiffeId("orders"))
        .build();
  }

  private final class Echo implements AsyncServerRequestHandler<Message<HttpRequest, String>> {
    @Override
    public AsyncRequestConsumer<Message<HttpRequest, String>> prepare(
        HttpRequest request, EntityDetails entity, HttpContext context) {
      versions.add(String.valueOf(context.getProtocolVersion()));
      return new BasicRequestConsumer<>(new StringAsyncEntityConsumer());
    }

    @Override
    public void handle(
        Message<HttpRequest, String> message, ResponseTrigger response, HttpContext context)
        throws java.io.IOException, org.apache.hc.core5.http.HttpException {
      response.submitResponse(new BasicResponseProducer(200, "echo " + message.getBody()), context);
    }
  }

  private final class Tls implements TlsStrategy {
    private final SSLContext identity;
    private final boolean demanding;

    Tls(SSLContext identity, boolean demanding) {
      this.identity = identity;
      this.demanding = demanding;
    }

    @Override
    public boolean upgrade(
        TransportSecurityLayer connection,
        HttpHost host,
        SocketAddress local,
        SocketAddress remote,
        Object attachment,
        org.apache.hc.core5.util.Timeout handshakeTimeout) {
      connection.startTls(
          identity,
          host,
          SSLBufferMode.STATIC,
          (endpoint, engine) -> {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setNeedClientAuth(demanding);
            parameters.setApplicationProtocols(new String[] {"h2"});
            engine.setSSLParameters(parameters);
          },
          (endpoint, engine) -> {
            handshakes.incrementAndGet();
            return null;
          },
          handshakeTimeout);
      return true;
    }
  }
}
