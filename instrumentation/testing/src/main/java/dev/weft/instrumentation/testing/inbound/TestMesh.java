package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.identity.Svid;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundObserver;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.resilience.ConcurrencyLimit;
import dev.weft.instrumentation.testing.inbound.TestAuthority.Credential;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.LoadShedding;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.RateLimit;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A mesh without a control server: an authority, a data plane, and peers. Thread-safe. */
public final class TestMesh {
  /** What a peer of the mesh offers. */
  public static final String ALPN = "weft-http/1.1";

  /** SPIFFE ID of the peer that may read. */
  public static final String READER = "spiffe://cluster.local/ns/default/sa/reader";

  private static final long HOUR = 3_600_000_000_000L;
  private static final String SELF = "spiffe://cluster.local/ns/default/sa/orders";

  private final TestAuthority authority = TestAuthority.create("cluster.local");
  private final TestAuthority foreign = TestAuthority.create("cluster.local");
  private final TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
  private final List<String> concluded = Collections.synchronizedList(new ArrayList<>());
  private final Queue<String> protocols = new ConcurrentLinkedQueue<>();
  private final DataPlane dataPlane;
  private final Map<String, SSLContext> clients = new ConcurrentHashMap<>();
  private final AtomicLong ahead = new AtomicLong();
  private volatile boolean hurries;
  private volatile @Nullable Consumer<InboundRequest> atEntry;
  private volatile @Nullable Error bug;
  private volatile long connectionAge = ConnectionPolicy.MAX_AGE_NANOS;
  private long version;

  private TestMesh() {
    this.dataPlane =
        DataPlane.builder()
            .transport(transport)
            .denyWithoutPolicy(true)
            .clock(this::nanoTime)
            .connectionAge(() -> connectionAge)
            .inboundObserver(new Conclusions())
            .build();
  }

  /** A mesh that is PERMISSIVE and denies {@code /app/denied}; it has no identity before join. */
  public static TestMesh create() {
    TestMesh mesh = new TestMesh();
    mesh.mode(MtlsMode.PERMISSIVE);
    return mesh;
  }

  /** The data plane hooks work on. */
  public DataPlane dataPlane() {
    return dataPlane;
  }

  /** Gives the workload a new identity, and everybody trust. */
  public void join() {
    trustAllBut(Set.of());
  }

  /** Withdraws the trust in {@link #READER}, until {@link #join}. */
  public void withdrawReader() {
    withdraw(READER);
  }

  /** Withdraws the trust in an identity, until {@link #join}. */
  public void withdraw(String spiffeId) {
    trustAllBut(Set.of(spiffeId));
  }

  private void trustAllBut(Set<String> withdrawn) {
    try {
      Credential own = authority.issue(SELF);
      transport.update(
          Svid.of(own.key(), own.chain()), "cluster.local", List.of(authority.root()), withdrawn);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no identity for the test", e);
    }
  }

  /** Sets the mTLS mode of all ports. */
  public void mode(MtlsMode mode) {
    policy(mode, Operation.builder().paths(List.of("/app/denied", "/app/denied/*")).build());
  }

  /** Denies a host on all ports, and nothing else, until {@link #mode}. */
  public void denyHost(String host) {
    policy(MtlsMode.PERMISSIVE, Operation.builder().hosts(List.of(host)).build());
  }

  /** Lets so many requests of each identity in within an hour, until {@link #mode}. */
  public void limitReadersTo(int requests) {
    RateLimit limit =
        RateLimit.builder()
            .name("default/readers/each")
            .namespace("default")
            .byIdentity(true)
            .perSecond(requests / 3_600.0)
            .burst(requests)
            .build();
    apply(InboundPolicy.builder().limits(List.of(limit)).build());
  }

  /** Judges by this policy alone, until {@link #mode}. */
  public void authorize(AuthorizationPolicy policy) {
    apply(InboundPolicy.builder().authorization(List.of(policy)).build());
  }

  private static LoadShedding one() {
    return LoadShedding.builder()
        .name("default/one")
        .namespace("default")
        .minConcurrency(1)
        .maxConcurrency(1)
        .initialConcurrency(1)
        .build();
  }

  /** Takes one request at a time, until {@link #mode}. */
  public void oneAtATime() {
    apply(InboundPolicy.builder().shedding(one()).build());
  }

  /** Takes one request at a time at this port, until {@link #mode}. */
  public void oneAtATime(int port) {
    apply(InboundPolicy.builder().portShedding(Map.of(port, one())).build());
  }

  /** The limit of {@link #oneAtATime}, at a port. */
  public ConcurrencyLimit concurrency(int port) {
    ConcurrencyLimit limit = dataPlane.inbound().concurrency(port);
    if (limit == null) {
      throw new IllegalStateException("load shedding is not in force");
    }
    return limit;
  }

  /** Asks for tokens under a rule, and denies nothing, until {@link #mode}. */
  public void tokens(JwtRule rule) {
    apply(InboundPolicy.builder().jwtRules(List.of(rule)).build());
  }

  /** Shares answers with other origins, and denies {@code /app/denied}, until {@link #mode}. */
  public void share(CorsPolicy cors) {
    Operation denied = Operation.builder().paths(List.of("/app/denied")).build();
    Route rule = Route.builder().name("default/web").cors(cors).build();
    apply(inbound(MtlsMode.PERMISSIVE, denied).toBuilder().cors(List.of(rule)).build());
  }

  /** Leaves two paths to an authorizer at a port of this machine, until {@link #mode}. */
  public void authorizer(int port) {
    authorizer(port, 0, false);
  }

  /**
   * The same, and shows it bodies. What it cannot be asked about enters, but for bodies that it
   * cannot be shown: 503.
   *
   * @param bytes how much of a body, 0 for nothing
   * @param partial whether a longer one is shown in part
   */
  public void authorizer(int port, int bytes, boolean partial) {
    String host = "authz.default.svc.cluster.local";
    AuthorizationPolicy asked =
        AuthorizationPolicy.builder()
            .name("asked")
            .namespace("default")
            .action(AuthorizationPolicy.Action.CUSTOM)
            .provider("authz")
            .rules(
                List.of(
                    Rule.builder()
                        .to(
                            List.of(
                                Operation.builder()
                                    .paths(
                                        List.of(
                                            "/app/echo",
                                            "/app/headers",
                                            "/app/listen",
                                            "/app/upload"))
                                    .build()))
                        .build()))
            .build();
    ExternalAuthorizer authorizer =
        ExternalAuthorizer.builder()
            .name("authz")
            .host(host)
            .port(port)
            .timeoutMillis(10_000)
            .pathPrefix("/check")
            .maxRequestBytes(bytes)
            .allowPartialMessage(partial)
            .failOpen(bytes > 0)
            .statusOnError(bytes > 0 ? 503 : ExternalAuthorizer.DEFAULT_STATUS_ON_ERROR)
            .includeRequestHeadersInCheck(List.of("x-pass"))
            .headersToUpstreamOnAllow(List.of("x-user"))
            .headersToDownstreamOnAllow(List.of("set-cookie", "x-two", "content-*"))
            .build();
    apply(
        InboundPolicy.builder()
            .authorization(List.of(asked))
            .authorizers(List.of(authorizer))
            .build(),
        Service.builder()
            .host(host)
            .endpoints(List.of(Endpoint.builder().id("a").address("127.0.0.1").port(port).build()))
            .build());
  }

  private void policy(MtlsMode mode, Operation forbidden) {
    apply(inbound(mode, forbidden));
  }

  private static InboundPolicy inbound(MtlsMode mode, Operation forbidden) {
    AuthorizationPolicy denied =
        AuthorizationPolicy.builder()
            .name("denied")
            .namespace("default")
            .action(AuthorizationPolicy.Action.DENY)
            .rules(List.of(Rule.builder().to(List.of(forbidden)).build()))
            .build();
    return InboundPolicy.builder().mode(mode).authorization(List.of(denied)).build();
  }

  private void apply(InboundPolicy inbound, Service... services) {
    dataPlane
        .snapshots()
        .apply(
            Snapshot.builder()
                .version(++version)
                .epoch("test")
                .trustDomain("cluster.local")
                .localNamespace("default")
                .inbound(inbound)
                .services(List.of(services))
                .build());
  }

  /**
   * Makes the data plane's clock fail, which nothing in it expects; null ends that. The clock is
   * read for requests with {@link RequestContext#DEADLINE_HEADER}.
   */
  public void bug(@Nullable Error injected) {
    this.bug = injected;
  }

  /** Does something with each request on the thread that is about to serve it; null ends that. */
  public void atEntry(@Nullable Consumer<InboundRequest> does) {
    this.atEntry = does;
  }

  /** Lets an hour pass on the data plane's clock between any two looks at it; false ends that. */
  public void hurry(boolean hurries) {
    this.hurries = hurries;
  }

  private long nanoTime() {
    Error injected = bug;
    if (injected != null) {
      throw injected;
    }
    return System.nanoTime() + (hurries ? ahead.addAndGet(HOUR) : ahead.get());
  }

  /** How long connections made from now on may live, in nanoseconds. */
  public void connectionAge(long nanos) {
    this.connectionAge = nanos;
  }

  /** Live connections known to the data plane. */
  public int live() {
    return transport.connections().size();
  }

  /** TLS of a peer with an identity of this mesh; the same context for the same name. */
  public SSLContext client(String account) {
    return clients.computeIfAbsent(account, this::newClient);
  }

  /** The same, with no session to resume. */
  public SSLContext newClient(String account) {
    return PeerTls.context(
        authority.issue("spiffe://cluster.local/ns/default/sa/" + account), authority.root());
  }

  /** A peer that sends every segment of its ClientHello in {@code size} bytes. */
  public RawConnection slowly(int port, int size) throws IOException {
    return RawConnection.tls(port, client("reader"), HelloShape.segments(size), ALPN);
  }

  /** A peer that spreads its ClientHello over records of {@code size} bytes. */
  public RawConnection inRecords(int port, int size) throws IOException {
    return RawConnection.tls(port, client("reader"), HelloShape.records(size), ALPN);
  }

  /** A peer whose ClientHello is {@code size} bytes longer, by protocols nobody knows. */
  public RawConnection padded(int port, int size) throws IOException {
    List<String> alpn = new ArrayList<>(List.of(ALPN));
    for (int i = 0; alpn.size() * 255 < size; i++) {
      alpn.add("x".repeat(250) + (1000 + i));
    }
    return RawConnection.tls(port, client("reader"), alpn.toArray(new String[0]));
  }

  /** TLS of a client without certificate. */
  public SSLContext anonymous() {
    return PeerTls.context(null, authority.root());
  }

  /** TLS of a client whose certificate says the same, by another authority. */
  public SSLContext foreign() {
    return PeerTls.context(foreign.issue(READER), authority.root());
  }

  /** HTTP versions of the exchanges concluded, in order; {@code null} as text for none known. */
  public Queue<String> protocols() {
    return protocols;
  }

  /** Forgets the exchanges concluded so far. */
  public void forgetConcluded() {
    protocols.clear();
    concluded.clear();
  }

  /** Waits until exactly these exchanges are concluded, in any order. */
  public void awaitConcluded(String... expected) {
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(List.copyOf(concluded)).containsExactlyInAnyOrder(expected));
  }

  /** Writes down what has ended. */
  private final class Conclusions implements InboundObserver {
    /** On the thread of the application, as a call would that it makes. */
    @Override
    public @Nullable Object enter(InboundExchange exchange) {
      Consumer<InboundRequest> does = atEntry;
      if (does != null) {
        does.accept(exchange.request());
      }
      return null;
    }

    @Override
    public void ended(InboundExchange exchange) {
      protocols.add(String.valueOf(exchange.request().protocolVersion()));
      PeerIdentity peer = exchange.request().peer();
      concluded.add(
          exchange.request().method()
              + " "
              + exchange.request().rawPath()
              + " "
              + (peer == null ? "-" : peer.spiffeId())
              + " "
              + exchange.status());
    }
  }
}
