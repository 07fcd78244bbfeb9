package dev.weft.instrumentation.testing;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * For what is a client's own, beside the {@link OutboundContract}: in each test the client is
 * woven, and {@code orders} has one instance.
 */
public abstract class WovenClientTest {
  /** The mesh the client is in. */
  protected final TestMesh mesh = TestMesh.create();

  /** The instance, over mTLS. */
  protected TestInstance orders;

  /** What is woven. */
  protected WeavingHarness harness;

  private final InstrumentationModule[] modules;

  /** Weaves these units. */
  protected WovenClientTest(InstrumentationModule... modules) {
    this.modules = modules;
  }

  @BeforeEach
  final void weave() throws IOException {
    orders = secured("orders");
    mesh.service("orders", orders).apply();
    harness = WeavingHarness.install(mesh.dataPlane(), modules);
  }

  @AfterEach
  final void unweave() {
    harness.close();
    orders.close();
  }

  /** Another instance of a service, over mTLS. */
  protected final TestInstance secured(String service) throws IOException {
    return TestInstance.secured(service, mesh.authority().serverContext(service));
  }

  /** Puts instances of {@code orders} in force, and the one route to them. */
  protected final void route(UnaryOperator<Route.Builder> change, TestInstance... instances) {
    Route.Builder route =
        Route.builder()
            .name("r")
            .backends(
                List.of(Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build()));
    UnaryOperator<Service.Builder> with = s -> s.routes(List.of(change.apply(route).build()));
    mesh.clear().service("orders", with, instances).apply();
  }
}
