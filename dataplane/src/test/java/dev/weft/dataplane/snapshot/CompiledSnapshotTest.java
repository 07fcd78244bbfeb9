package dev.weft.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.StringMatch;
import dev.weft.policy.snapshot.Subset;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CompiledSnapshotTest {
  private static final String HOST = "orders.shop.svc.cluster.local";
  private final SnapshotHolder holder = SnapshotHolder.create();

  private static Service.Builder service(String host, String... authorities) {
    return Service.builder()
        .host(host)
        .name(host)
        .namespace("shop")
        .authorities(Arrays.asList(authorities))
        .trafficPolicy(TrafficPolicy.defaults());
  }

  private void apply(Service... services) {
    holder.apply(Snapshot.builder().version(1).services(Arrays.asList(services)).build());
  }

  private @Nullable String find(String authority) {
    CompiledService found = holder.current().find("http", authority);
    return found == null ? null : found.host();
  }

  private static Endpoint endpoint(String id, String version) {
    return Endpoint.builder()
        .id(id)
        .address("127.0.0.1")
        .port(80)
        .weight(1)
        .labels(Collections.singletonMap("version", version))
        .build();
  }

  /** The head of a request. */
  private static final class Head implements RequestHead {
    final Map<String, String> headers = new HashMap<>();
    final String path;

    Head(String path) {
      this.path = path;
    }

    Head with(String name, String value) {
      headers.put(name, value);
      return this;
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public String scheme() {
      return "http";
    }

    @Override
    public String authority() {
      return "Orders:8080";
    }

    @Override
    public String path() {
      return path;
    }

    @Override
    public @Nullable String header(String name) {
      return headers.get(name);
    }
  }

  @Test
  void endpointsThatAreNotReadyAreNotPicked() {
    apply(
        service(HOST, "orders")
            .endpoints(
                Arrays.asList(
                    endpoint("a", "1"), endpoint("b", "1").toBuilder().ready(false).build()))
            .build());
    EndpointPool pool = holder.current().find("http", "orders").pool(null);
    assertThat(pool.size()).isEqualTo(1);
    assertThat(pool.endpoint(0).document().id).isEqualTo("a");
  }

  @Test
  void authoritiesAreFoundHoweverTheyAreWritten() {
    apply(
        service(HOST, "orders", "orders.shop", HOST).build(),
        service("api.example.com", "api.example.com").ports(Arrays.asList(80, 8443)).build(),
        service("[::1]", "[::1]").build());
    assertThat(find("orders")).isEqualTo(HOST);
    assertThat(find("ORDERS.Shop")).isEqualTo(HOST);
    assertThat(find("orders.:9090")).isEqualTo(HOST);
    assertThat(find("user:secret@orders:80")).isEqualTo(HOST);
    assertThat(find(HOST + ".")).isEqualTo(HOST);
    assertThat(find("[::1]:8080")).isEqualTo("[::1]");
    assertThat(find("api.example.com")).isEqualTo("api.example.com");
    assertThat(find("api.example.com:8443")).isEqualTo("api.example.com");
    assertThat(find("api.example.com:9999")).isNull();
    assertThat(find("orders:http")).isNull();
    assertThat(find("orders:70000")).isNull();
    assertThat(find("order")).isNull();
    assertThat(find("")).isNull();
    assertThat(holder.current().find("https", "orders")).isNull();
  }

  @Test
  void aThousandServicesAreTheirOwn() {
    List<Service> many = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      many.add(service("s" + i + ".svc", "s" + i, "s" + i + ".svc").build());
    }
    apply(many.toArray(new Service[0]));
    for (int i = 0; i < 1_000; i++) {
      assertThat(find("S" + i + ":80")).isEqualTo("s" + i + ".svc");
    }
  }

  private @Nullable String routed(Head head) {
    CompiledService service = holder.current().find("http", "orders");
    CompiledRoute route = service == null ? null : service.route(head);
    return route == null ? null : route.name();
  }

  private static Route rule(String name, RouteMatch.Builder... matches) {
    List<RouteMatch> built = new ArrayList<>();
    for (RouteMatch.Builder match : matches) {
      built.add(match.build());
    }
    return Route.builder()
        .name(name)
        .matches(built)
        .backends(Collections.singletonList(Backend.builder().host(HOST).weight(1).build()))
        .build();
  }

  @Test
  void rulesMatchInTheirOrder() {
    apply(
        service(HOST, "orders")
            .routes(
                Arrays.asList(
                    rule("exact", RouteMatch.builder().uri(StringMatch.exact("/a"))),
                    rule("prefix", RouteMatch.builder().uri(StringMatch.prefix("/a/"))),
                    rule("regex", RouteMatch.builder().uri(StringMatch.regex("/r/[0-9]+"))),
                    rule(
                        "caseless",
                        RouteMatch.builder().uri(StringMatch.prefix("/Case")).ignoreUriCase(true)),
                    rule(
                        "header",
                        RouteMatch.builder()
                            .headers(Collections.singletonMap("x-v", StringMatch.exact("2")))),
                    rule(
                        "query",
                        RouteMatch.builder()
                            .queryParams(Collections.singletonMap("q", StringMatch.exact("a b")))),
                    rule("port", RouteMatch.builder().port(8080).uri(StringMatch.exact("/port"))),
                    rule(
                        "without",
                        RouteMatch.builder()
                            .uri(StringMatch.prefix("/w"))
                            .withoutHeaders(
                                Collections.singletonMap("x-no", StringMatch.present())))))
            .build());
    assertThat(routed(new Head("/a?x=1"))).isEqualTo("exact");
    assertThat(routed(new Head("/a/b"))).isEqualTo("prefix");
    assertThat(routed(new Head("/r/12?y"))).isEqualTo("regex");
    assertThat(routed(new Head("/r/12x"))).isNull();
    assertThat(routed(new Head("/cASE/1"))).isEqualTo("caseless");
    assertThat(routed(new Head("/").with("x-v", "2"))).isEqualTo("header");
    assertThat(routed(new Head("/?p=1&q=a%20b"))).isEqualTo("query");
    assertThat(routed(new Head("/?qq=a%20b"))).isNull();
    assertThat(routed(new Head("/port"))).isEqualTo("port");
    assertThat(routed(new Head("/w"))).isEqualTo("without");
    assertThat(routed(new Head("/w").with("x-no", ""))).isNull();
  }

  @Test
  void ninetyToTenHoldsWithinOnePercent() {
    Subset v1 = subset("v1");
    Subset v2 = subset("v2");
    Route split =
        Route.builder()
            .backends(
                Arrays.asList(
                    Backend.builder().host(HOST).subset("v1").weight(90).build(),
                    Backend.builder().host(HOST).subset("v2").weight(10).build()))
            .build();
    apply(
        service(HOST, "orders")
            .endpoints(Arrays.asList(endpoint("a", "v1"), endpoint("b", "v2")))
            .subsets(Arrays.asList(v1, v2))
            .routes(Collections.singletonList(split))
            .build());
    CompiledService service = holder.current().find("http", "orders");
    assertThat(service).isNotNull();
    CompiledRoute route = service.route(new Head("/"));
    assertThat(route).isNotNull();
    int first = 0;
    for (int i = 0; i < 100_000; i++) {
      CompiledBackend backend = route.draw(RandomSource.THREAD_LOCAL);
      first += backend != null && backend.host().endsWith("v1") ? 1 : 0;
    }
    assertThat(first / 100_000.0).isCloseTo(0.9, within(0.01));
  }

  private static Subset subset(String version) {
    return Subset.builder()
        .name(version)
        .labels(Collections.singletonMap("version", version))
        .trafficPolicy(TrafficPolicy.defaults())
        .build();
  }

  @Test
  void stateOutlivesASwapButNotAnEndpoint() {
    Service two =
        service(HOST, "orders")
            .endpoints(Arrays.asList(endpoint("a", "v1"), endpoint("b", "v1")))
            .build();
    apply(two);
    CompiledService before = holder.current().service(HOST);
    assertThat(before).isNotNull();
    before.whole().endpoint(0).state().begin();
    apply(two);
    CompiledService after = holder.current().service(HOST);
    assertThat(after).isNotNull().isNotSameAs(before);
    assertThat(after.whole().endpoint(0).active()).isEqualTo(1);
    assertThat(after.whole().state()).isSameAs(before.whole().state());
    apply(
        service(HOST, "orders").endpoints(Collections.singletonList(endpoint("b", "v1"))).build());
    apply(two);
    CompiledService again = holder.current().service(HOST);
    assertThat(again).isNotNull();
    assertThat(again.whole().endpoint(0).active()).isZero();
  }

  @Test
  void aSnapshotThatCannotBeCompiledChangesNothing() {
    apply(service(HOST, "orders").build());
    CompiledSnapshot before = holder.current();
    Service broken =
        service(HOST, "orders")
            .routes(
                Collections.singletonList(
                    rule("r", RouteMatch.builder().uri(StringMatch.regex("(")))))
            .build();
    assertThatThrownBy(() -> apply(broken)).isInstanceOf(RuntimeException.class);
    assertThat(holder.current()).isSameAs(before);
  }

  @Test
  void expressionsBeyondWhatAPolicyMayWriteAreRefusedByName() {
    CompiledSnapshot before = holder.current();
    for (String expression :
        Arrays.asList(String.join("", Collections.nCopies(1025, "a")), "((a{100}){100}){100}")) {
      Service broken =
          service(HOST, "orders")
              .routes(
                  Arrays.asList(
                      rule("fine", RouteMatch.builder().uri(StringMatch.regex("/a+"))),
                      rule(
                          "large",
                          RouteMatch.builder()
                              .headers(
                                  Collections.singletonMap("x", StringMatch.regex(expression))))))
              .build();
      assertThatThrownBy(() -> apply(broken))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("route \"large\" of " + HOST + ": regular expression \"")
          .hasMessageContaining("must ")
          .satisfies(e -> assertThat(e.getMessage().length()).isLessThan(300));
    }
    assertThat(holder.current()).isSameAs(before);
  }

  @Test
  void moreExpressionsThanAnAgentCompilesAreRefused() {
    List<Route> routes = new ArrayList<>();
    for (int i = 0; i < SnapshotCompiler.MAX_EXPRESSIONS; i++) {
      routes.add(rule("r" + i, RouteMatch.builder().uri(StringMatch.regex("/" + i))));
    }
    apply(service(HOST, "orders").routes(routes).build());
    routes.add(rule("more", RouteMatch.builder().method(StringMatch.regex("G.*"))));
    assertThatThrownBy(() -> apply(service(HOST, "orders").routes(routes).build()))
        .hasMessageContaining("1001 regular expressions");
  }

  @Test
  void aListenerMayRefuseAndIsToldTheFormerOneAgain() {
    apply(service(HOST, "orders").build());
    CompiledSnapshot before = holder.current();
    List<CompiledSnapshot> told = new ArrayList<>();
    holder.listen(told::add);
    holder.listen(
        snapshot -> {
          if (snapshot.document().services.isEmpty()) {
            throw new IllegalArgumentException("refused");
          }
        });
    assertThatThrownBy(() -> apply()).hasMessage("refused");
    assertThat(holder.current()).isSameAs(before);
    assertThat(told).hasSize(3);
    assertThat(told.get(2)).isSameAs(before);
  }

  @Test
  void poolKeysAreStablePerGeneration() {
    apply(
        service(HOST, "orders")
            .endpoints(Collections.singletonList(endpoint("Pod_1/x", "v1")))
            .build());
    CompiledService service = holder.current().service(HOST);
    assertThat(service).isNotNull();
    CompiledEndpoint endpoint = service.whole().endpoint(0);
    assertThat(endpoint.plainPoolKey()).isEqualTo(HOST + ".pod-1-x.plain");
    assertThat(endpoint.secured(3, "")).isSameAs(endpoint.secured(3, ""));
    String key = endpoint.secured(3, "").poolKey();
    assertThat(key).startsWith(HOST + ".pod-1-x.").endsWith(".g3").matches("[a-z0-9.-]+");
    assertThat(endpoint.secured(4, "").poolKey()).isEqualTo(key.replace(".g3", ".g4"));
    assertThat(endpoint.secured(4, "a-b.c")).isSameAs(endpoint.secured(4, "a-b.c"));
    assertThat(endpoint.secured(4, "a-b.c").poolKey())
        .isNotEqualTo(endpoint.secured(4, "").poolKey());
    assertThat(endpoint.secured(4, "a-b.c").tls().serverName()).isEqualTo("a-b.c");
    assertThat(endpoint.secured(4, "")).isSameAs(endpoint.secured(4, ""));
  }

  @Test
  void aPortThatIsAServiceIsFoundByItAndNamedWithoutIt() {
    Service first = service("api.example.com", "api.example.com").build();
    apply(
        first.toBuilder().ports(Collections.singletonList(80)).build(),
        first.toBuilder()
            .host("api.example.com:9090")
            .ports(Collections.singletonList(9090))
            .endpoints(Collections.singletonList(endpoint("e", "v1")))
            .build());
    assertThat(holder.current().find("http", "api.example.com").host())
        .isEqualTo("api.example.com");
    CompiledService port = holder.current().find("http", "api.example.com:9090");
    assertThat(port.host()).isEqualTo("api.example.com:9090");
    CompiledEndpoint endpoint = port.whole().endpoint(0);
    assertThat(endpoint.plainPoolKey())
        .as("what a host name may have")
        .isEqualTo("api.example.com-9090.e.plain");
    assertThat(endpoint.secured(1, "").tls().serverName()).isEqualTo("api.example.com");
  }
}
