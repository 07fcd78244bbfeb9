package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.snapshot.CompiledRetry;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each filter alone: an exchange in, a verdict out. */
class FilterTest {
  private final FakeMesh mesh = new FakeMesh().endpoints(1);

  private OutboundExchange exchange(OutboundRequest request) {
    OutboundExchange exchange = new OutboundExchange(mesh.target().service(), request, mesh.now());
    exchange.pool = mesh.target().service().whole();
    return exchange;
  }

  private OutboundExchange sending(OutboundRequest request) {
    OutboundExchange exchange = exchange(request);
    exchange.attempts = 1;
    Verdict verdict = new BalanceFilter(mesh.random, MeshTimer.daemon()).apply(exchange);
    assertThat(verdict.proceeds()).isTrue();
    return exchange;
  }

  @Test
  void resolveMovesToTheSnapshotInForce() {
    Target old = mesh.target();
    mesh.endpoints(2);
    OutboundExchange exchange = new OutboundExchange(old.service(), FakeRequest.get(), mesh.now());
    assertThat(new ResolveFilter(mesh.snapshots).apply(exchange).proceeds()).isTrue();
    assertThat(exchange.service().whole().size()).isEqualTo(2);
  }

  @Test
  void routeRefusesAServiceThatHasLeft() {
    Target old = mesh.target();
    mesh.apply();
    OutboundExchange exchange = new OutboundExchange(old.service(), FakeRequest.get(), mesh.now());
    new ResolveFilter(mesh.snapshots).apply(exchange);
    Verdict verdict = RouteFilter.ofRequests(RandomSource.THREAD_LOCAL).apply(exchange);
    assertThat(verdict.reply()).isNotNull();
    assertThat(verdict.reply().kind()).isEqualTo(ReplyKind.UNKNOWN_HOST);
    assertThat(verdict.reply().headerValue()).isEqualTo("RESOLVE");
  }

  @Test
  void routeEditsHeadersOfRuleAndBackend() {
    HeaderEdits rule =
        edits(Collections.singletonMap("x-rule", "1"), Collections.singletonList("x-secret"));
    HeaderEdits backend =
        edits(Collections.singletonMap("x-backend", "2"), Collections.emptyList());
    mesh.route(
        1,
        Route.builder()
            .name("edited")
            .headers(rule)
            .backends(
                Collections.singletonList(
                    Backend.builder().host(FakeMesh.HOST).weight(1).headers(backend).build()))
            .build());
    FakeRequest request = FakeRequest.get();
    request.setHeader("X-Secret", "s");
    OutboundExchange exchange = exchange(request);
    assertThat(RouteFilter.ofRequests(RandomSource.THREAD_LOCAL).apply(exchange).proceeds())
        .isTrue();
    assertThat(request.headers).containsOnlyKeys("x-rule", "x-backend");
  }

  private static HeaderEdits edits(Map<String, String> set, List<String> remove) {
    return HeaderEdits.builder()
        .request(HeaderEdits.Edits.of(set, Collections.emptyMap(), remove))
        .build();
  }

  @Test
  void unknownSubsetIs503NC() {
    mesh.route(
        1,
        Route.builder()
            .backends(
                Collections.singletonList(
                    Backend.builder().host(FakeMesh.HOST).subset("v9").weight(1).build()))
            .build());
    OutboundExchange exchange = exchange(FakeRequest.get());
    Verdict verdict = RouteFilter.ofRequests(RandomSource.THREAD_LOCAL).apply(exchange);
    assertThat(verdict.reply()).isNotNull();
    assertThat(verdict.reply().status()).isEqualTo(503);
    assertThat(ResponseFlag.text(exchange.flags())).isEqualTo("NC");
  }

  @Test
  void balanceCountsWhatIsInFlightUntilReleased() {
    OutboundExchange exchange = sending(FakeRequest.get());
    assertThat(exchange.sending().compiled().active()).isEqualTo(1);
    new BalanceFilter(mesh.random, MeshTimer.daemon()).release(exchange);
    assertThat(exchange.sending().compiled().active()).isZero();
  }

  @Test
  void secureRefusesPlaintextWhereMutualIsDemanded() {
    mesh.policy(1, TrafficPolicy.builder().tls(TlsMode.ISTIO_MUTUAL).build());
    Verdict verdict = new SecureFilter(READY).apply(sending(FakeRequest.get()));
    assertThat(verdict.reply()).isNotNull();
    assertThat(verdict.reply().kind()).isEqualTo(ReplyKind.IDENTITY_REFUSED);
  }

  @Test
  void secureTakesOnlyServersOfTheNamesThatPolicyGives() {
    TrafficPolicy named =
        TrafficPolicy.builder()
            .subjectAltNames(Arrays.asList("spiffe://a/b", "spiffe://a/c"))
            .build();
    for (String identity : new String[] {"spiffe://a/b", "spiffe://a/d", "", "plaintext"}) {
      boolean mtls = !identity.equals("plaintext");
      mesh.apply(
          FakeMesh.orders()
              .endpoints(
                  Collections.singletonList(
                      FakeMesh.endpoint(1).toBuilder()
                          .mtls(mtls)
                          .spiffeId(mtls && !identity.isEmpty() ? identity : null)
                          .build()))
              .trafficPolicy(named)
              .build());
      OutboundExchange exchange = sending(FakeRequest.get());
      Verdict verdict = new SecureFilter(READY).apply(exchange);
      if (identity.equals("spiffe://a/b")) {
        assertThat(verdict.proceeds()).isTrue();
        assertThat(exchange.sending().tls().expectedSpiffeId()).isEqualTo(identity);
      } else {
        assertThat(verdict.reply()).as(identity).isNotNull();
        assertThat(verdict.reply().kind()).isEqualTo(ReplyKind.IDENTITY_REFUSED);
        assertThat(verdict.reply().reason()).contains("spiffe://a/c", "subjectAltNames");
      }
    }
  }

  @Test
  void secureOutsideKeepsServerNamesAndPoliciesApart() {
    OutboundExchange called = outside("", "API.example.com:80");
    Attempt attempt = called.sending();
    assertThat(attempt.tls().serverName()).isEqualTo("api.example.com");
    assertThat(attempt.tls().expectedSpiffeId()).isNull();
    assertThat(attempt.poolKey()).isEqualTo(FakeMesh.HOST + ".orders-1.t1");
    OutboundExchange again = sending(new FakeRequest("GET", "api.example.com", "/"));
    assertThat(new SecureFilter(ClientSecurity.NONE).apply(again).proceeds()).isTrue();
    assertThat(again.sending().poolKey()).isSameAs(attempt.poolKey());
    assertThat(again.sending().tls()).isSameAs(attempt.tls());

    OutboundExchange rewritten = sending(FakeRequest.get());
    rewritten.sentAuthority = "other.example.com";
    assertThat(new SecureFilter(ClientSecurity.NONE).apply(rewritten).proceeds()).isTrue();
    assertThat(rewritten.sending().poolKey()).endsWith(".orders-1.t2");

    Attempt indicated = outside("sni.example.com", "api.example.com").sending();
    assertThat(indicated.poolKey()).endsWith(".orders-1.t3");
  }

  /** A call to a service outside, whose policy is SIMPLE, by an agent without identity. */
  private OutboundExchange outside(String sni, String authority) {
    mesh.policy(
        1,
        TrafficPolicy.builder()
            .tls(TlsMode.SIMPLE)
            .origination(TlsOrigination.builder().sni(sni).insecureSkipVerify(true).build())
            .build());
    OutboundExchange exchange = sending(new FakeRequest("GET", authority, "/"));
    assertThat(new SecureFilter(ClientSecurity.NONE).apply(exchange).proceeds()).isTrue();
    return exchange;
  }

  @Test
  void secureLayersTlsWhereTheEndpointTakesIt() {
    mesh.apply(
        FakeMesh.orders()
            .endpoints(
                Collections.singletonList(
                    FakeMesh.endpoint(1).toBuilder().mtls(true).spiffeId("spiffe://a/b").build()))
            .build());
    OutboundExchange exchange = sending(FakeRequest.get());
    assertThat(new SecureFilter(READY).apply(exchange).proceeds()).isTrue();
    Attempt attempt = exchange.sending();
    assertThat(attempt.secure()).isTrue();
    assertThat(attempt.poolKey()).matches("\\Q" + FakeMesh.HOST + "\\E.orders-1.[0-9a-z]+.g5");
    assertThat(attempt.tls()).isNotNull();
    assertThat(attempt.tls().expectedSpiffeId()).isEqualTo("spiffe://a/b");
  }

  @Test
  void secureKeepsServerNamesAndIdentitiesOfTheMeshApart() {
    String[] names = {"", "Front.Shop.", "back.shop", "back.shop", "back_shop", "", "Front.Shop"};
    String[] ids = {"a/b", "a/b", "a/b", "a/c", "a/b", "a/b", "a/b"};
    List<String> servers = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      TlsOrigination given = TlsOrigination.builder().sni(names[i]).build();
      Endpoint endpoint =
          FakeMesh.endpoint(1).toBuilder().mtls(true).spiffeId("spiffe://" + ids[i]).build();
      mesh.apply(
          FakeMesh.orders()
              .endpoints(Collections.singletonList(endpoint))
              .trafficPolicy(
                  TrafficPolicy.builder().tls(TlsMode.ISTIO_MUTUAL).origination(given).build())
              .build());
      OutboundExchange exchange = sending(FakeRequest.get());
      assertThat(new SecureFilter(READY).apply(exchange).proceeds()).isTrue();
      ClientTls tls = exchange.sending().tls();
      assertThat(tls.expectedSpiffeId()).isEqualTo("spiffe://" + ids[i]);
      servers.add(tls.serverName());
      keys.add(exchange.sending().poolKey());
    }
    assertThat(servers)
        .containsExactly(
            FakeMesh.HOST,
            "front.shop",
            "back.shop",
            "back.shop",
            "back_shop",
            FakeMesh.HOST,
            "front.shop");
    assertThat(keys.subList(0, 5)).doesNotHaveDuplicates();
    assertThat(keys.subList(5, 7)).isEqualTo(keys.subList(0, 2));
  }

  @Test
  void secureObeysDisable() {
    mesh.apply(
        FakeMesh.orders()
            .trafficPolicy(TrafficPolicy.builder().tls(TlsMode.DISABLE).build())
            .endpoints(
                Collections.singletonList(
                    FakeMesh.endpoint(1).toBuilder().mtls(true).spiffeId("spiffe://a/b").build()))
            .build());
    OutboundExchange exchange = sending(FakeRequest.get());
    assertThat(new SecureFilter(ClientSecurity.NONE).apply(exchange).proceeds()).isTrue();
    assertThat(exchange.sending().secure()).isFalse();
  }

  private static final ClientSecurity READY =
      new ClientSecurity() {
        @Override
        public boolean ready() {
          return true;
        }

        @Override
        public long generation() {
          return 5;
        }
      };

  @Test
  void aTraceTheApplicationWroteIsLeftAlone() {
    FakeRequest request = FakeRequest.get();
    String own = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    request.setHeader("traceparent", own);
    GuardedObserver silent = new GuardedObserver(ExchangeObserver.NONE);
    new PropagateFilter(silent).apply(sending(request));
    assertThat(request.header("traceparent")).isEqualTo(own);
  }

  @Test
  void anObserverThatThrowsIsCountedAndIgnored() {
    GuardedObserver broken =
        new GuardedObserver(
            new ExchangeObserver() {
              @Override
              public void started(OutboundExchange exchange) {
                throw new NoClassDefFoundError("telemetry");
              }
            });
    assertThat(new ObserveFilter(broken).apply(exchange(FakeRequest.get())).proceeds()).isTrue();
    assertThat(broken.failures()).isEqualTo(1);
  }

  @Test
  void istiosWordsMeanWhatIstioSays() {
    CompiledRetry numbers = retry("retriable-status-codes", "418");
    assertThat(numbers.retriesStatus(418)).isTrue();
    assertThat(numbers.retriesStatus(503)).isFalse();
    assertThat(retry("gateway-error").retriesStatus(500)).isFalse();
    assertThat(retry("gateway-error").retriesStatus(502)).isTrue();
    assertThat(retry("5xx").retriesStatus(500)).isTrue();
    assertThat(retry("retriable-4xx").retriesStatus(409)).isTrue();
    assertThat(retry("unavailable").retriesGrpc("14")).isTrue();
    assertThat(retry("unavailable").retriesGrpc("1")).isFalse();
    assertThat(retry("cancelled").retriesGrpc("1")).isTrue();
    assertThat(CompiledRetry.byDefault().retriesStatus(503)).isTrue();
    assertThat(CompiledRetry.byDefault().retriesStatus(502)).isFalse();
    assertThat(CompiledRetry.byDefault().attempts()).isEqualTo(2);
    assertThat(CompiledRetry.none().attempts()).isZero();
  }

  private static CompiledRetry retry(String... words) {
    return CompiledRetry.of(
        RetryPolicy.builder().attempts(1).retryOn(Arrays.asList(words)).build());
  }

  @Test
  void aFilterThatThrowsRefusesTheCall() throws Exception {
    FakeRequest broken =
        new FakeRequest("GET", "orders", "/") {
          @Override
          public void setHeader(String name, String value) {
            throw new IllegalStateException("adapter bug");
          }
        };
    mesh.route(
        1,
        Route.builder()
            .headers(edits(Collections.singletonMap("x", "1"), Collections.emptyList()))
            .backends(
                Collections.singletonList(Backend.builder().host(FakeMesh.HOST).weight(1).build()))
            .build());
    int[] sent = new int[1];
    assertThat(mesh.call(broken, attempt -> ++sent[0])).isEqualTo(503);
    assertThat(sent[0]).isZero();
    assertThat(ResponseFlag.text(mesh.last().flags())).isEqualTo("LR");
  }
}
