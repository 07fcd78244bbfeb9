package dev.weft.instrumentation.testing;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.ClientSecurity;
import dev.weft.dataplane.outbound.ExchangeObserver;
import dev.weft.dataplane.outbound.OutboundExchange;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.RetryBudget;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mesh in a test: services of namespace {@code shop} on {@link MeshInstance}s. */
public final class TestMesh {
  /** Each retry is meant: of the default budget a fast machine would see the end now and then. */
  private static final TrafficPolicy PLENTY =
      TrafficPolicy.builder()
          .retryBudget(RetryBudget.builder().percent(100).minRetryConcurrency(1_000).build())
          .build();

  private final TestAuthority authority = TestAuthority.create();
  private final TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
  private final Queue<String> protocols = new ConcurrentLinkedQueue<>();
  private final DataPlane dataPlane;
  private final boolean identified;
  private final List<Service> services = new ArrayList<>();
  private volatile @Nullable RuntimeException bug;
  private long version;

  private TestMesh(boolean identified) {
    this.identified = identified;
    this.dataPlane =
        DataPlane.builder()
            .telemetry(Telemetry.create(), "shop") // nobody reads it; traces pass on
            .transport(transport)
            .security(new Security())
            .observer(
                new ExchangeObserver() {
                  @Override
                  public void ended(OutboundExchange exchange) {
                    protocols.add(String.valueOf(exchange.protocol()));
                  }
                })
            .build();
    if (identified) {
      rotate("caller");
    }
  }

  /** A mesh in which this JVM is the service account {@code caller}. */
  public static TestMesh create() {
    return new TestMesh(true);
  }

  /** A mesh in which the engine believes in an identity of this JVM that its transport has not. */
  public static TestMesh withoutIdentity() {
    return new TestMesh(false);
  }

  /** The engine under test. */
  public DataPlane dataPlane() {
    return dataPlane;
  }

  /** HTTP versions of the calls that have ended, in order; {@code null} as text for none known. */
  public Queue<String> protocols() {
    return protocols;
  }

  /** The root of all identities. */
  public TestAuthority authority() {
    return authority;
  }

  /** Gives this JVM a new certificate. */
  public void rotate(String serviceAccount) {
    update(serviceAccount, Set.of());
  }

  /** Withdraws an identity, until the next {@link #rotate}. */
  public void withdraw(String serviceAccount) {
    update("caller", Set.of(TestAuthority.spiffeId(serviceAccount)));
  }

  private void update(String serviceAccount, Set<String> withdrawn) {
    try {
      transport.update(
          authority.issue(serviceAccount),
          TestAuthority.TRUST_DOMAIN,
          List.of(authority.root()),
          withdrawn);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the engine throw in the midst of each call to a secured instance, or not any more. */
  public void breakWith(@Nullable RuntimeException defect) {
    bug = defect;
  }

  /** Forgets all services; {@link #apply} makes it so. */
  public TestMesh clear() {
    services.clear();
    return this;
  }

  /** Adds a service whose instances have the identity of their service. */
  public TestMesh service(String name, MeshInstance... instances) {
    return service(name, s -> s, instances);
  }

  /** Adds a service, changed. */
  public TestMesh service(
      String name, UnaryOperator<Service.Builder> change, MeshInstance... instances) {
    return service(name, TestAuthority.spiffeId(name), change, instances);
  }

  /** Adds a service whose instances are expected to have this identity. */
  public TestMesh service(
      String name,
      String spiffeId,
      UnaryOperator<Service.Builder> change,
      MeshInstance... instances) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (MeshInstance instance : instances) {
      endpoints.add(
          Endpoint.builder()
              .id(instance.name() + "-" + instance.port())
              .address("127.0.0.1")
              .port(instance.port())
              .mtls(instance.isSecured())
              .spiffeId(instance.isSecured() ? spiffeId : null)
              .build());
    }
    String host = name + ".shop.svc.cluster.local";
    services.add(
        change
            .apply(
                Service.builder()
                    .host(host)
                    .name(name)
                    .namespace("shop")
                    .authorities(Arrays.asList(name, name + ".shop", name + ".shop.svc", host))
                    .trafficPolicy(PLENTY)
                    .endpoints(endpoints))
            .build());
    return this;
  }

  /** Puts the services in force; calls to other hosts pass. */
  public void apply() {
    apply(OutboundTrafficPolicy.ALLOW_ANY);
  }

  /** Puts the services in force, and what becomes of calls to other hosts. */
  public void apply(OutboundTrafficPolicy others) {
    dataPlane
        .snapshots()
        .apply(
            Snapshot.builder()
                .version(++version)
                .epoch("test")
                .trustDomain(TestAuthority.TRUST_DOMAIN)
                .localNamespace("shop")
                .services(List.copyOf(services))
                .outbound(others)
                .build());
  }

  private final class Security implements ClientSecurity {
    private void failIfBroken() {
      RuntimeException defect = bug;
      if (defect != null) {
        throw defect;
      }
    }

    @Override
    public boolean ready() {
      failIfBroken();
      return !identified || transport.ready();
    }

    @Override
    public long generation() {
      failIfBroken();
      return transport.generation();
    }
  }
}
