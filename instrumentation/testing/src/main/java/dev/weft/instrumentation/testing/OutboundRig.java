package dev.weft.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** A mesh, the client in it, and the instances of one case. For one test at a time. */
public final class OutboundRig {
  static final byte[] BIG = new byte[1 << 20];
  static final byte[] OVER_REPLAY = new byte[200_000];

  static {
    new Random(7).nextBytes(BIG);
    new Random(8).nextBytes(OVER_REPLAY);
  }

  /** Luck may hide for once that a client lacks something. */
  private static final int TRIES = 10;

  private final TestMesh mesh = TestMesh.create();
  private final List<TestInstance> started = new ArrayList<>();
  private final OutboundContract subject;
  private @SuppressWarnings("NullAway.Init") ClientUnderTest client;
  private @SuppressWarnings("NullAway.Init") WeavingHarness harness;

  OutboundRig(OutboundContract subject) {
    this.subject = subject;
  }

  void weave() throws Exception {
    client = newClient(ClientSetup.plain());
    try (TestInstance before = TestInstance.plain("before")) {
      assertThat(client.send(Call.get(outside(before, "/"))).status()).isEqualTo(200);
    }
    harness = WeavingHarness.install(mesh.dataPlane(), subject.module());
  }

  void unweave() {
    harness.close();
    client.close();
  }

  void stop() {
    mesh.breakWith(null);
    started.forEach(TestInstance::close);
    started.clear();
    Thread.interrupted();
  }

  /** Runs something while all hooks work on no engine at all. */
  @SuppressWarnings("NullAway") // the defect
  void withoutEngine(Runnable task) {
    harness.close();
    try (WeavingHarness broken = WeavingHarness.install(null, subject.module())) {
      assertThat(broken.report()).isNotNull();
      task.run();
    } finally {
      harness = WeavingHarness.install(mesh.dataPlane(), subject.module());
    }
  }

  /** The mesh that {@link #client} is in. */
  public TestMesh mesh() {
    return mesh;
  }

  /** The client under test, made before its library was woven. */
  public ClientUnderTest client() {
    return client;
  }

  /** Another client, made when the library was woven. */
  public ClientUnderTest newClient(ClientSetup setup) throws Exception {
    return subject.newClient(setup);
  }

  WeavingHarness harness() {
    return harness;
  }

  List<String> otherHooks() {
    return subject.otherHooks();
  }

  /** Starts an instance of a service. */
  public TestInstance instance(String service, boolean secured) throws IOException {
    TestInstance made =
        secured
            ? TestInstance.secured(service, mesh.authority().serverContext(service))
            : TestInstance.plain(service);
    started.add(made);
    return made;
  }

  /** Starts a server outside the mesh that shows a certificate for a host. */
  TestInstance outside(String host, boolean demanding) throws IOException {
    TestAuthority authority = mesh.authority();
    TestInstance made =
        TestInstance.outside(host, authority.serverContext(authority.issueFor(host)), demanding);
    started.add(made);
    return made;
  }

  /** Starts a service {@code orders} of one instance. */
  public TestInstance orders(boolean secured) throws IOException {
    TestInstance made = instance("orders", secured);
    mesh.clear().service("orders", made).apply();
    return made;
  }

  /** Makes a service {@code orders} with one route. */
  public void route(UnaryOperator<Route.Builder> change, TestInstance... instances) {
    Route.Builder route =
        Route.builder()
            .name("r")
            .backends(
                List.of(Backend.builder().host("orders.shop.svc.cluster.local").weight(1).build()));
    UnaryOperator<Service.Builder> with = s -> s.routes(List.of(change.apply(route).build()));
    mesh.clear().service("orders", with, instances).apply();
  }

  /**
   * Runs a scenario in the mesh if the library has the ability; if not, proves outside of the mesh
   * that it really has not.
   */
  void needs(Ability ability, Scenario scenario) throws Exception {
    if (can(ability)) {
      scenario.run(new Place(orders(true), "http://orders:8080"));
      return;
    }
    Throwable lack = null;
    for (int i = 0; i < TRIES && lack == null; i++) {
      TestInstance outside = instance("outside", false);
      Place place = new Place(outside, outside(outside, ""));
      lack =
          catchThrowable(
              () -> assertTimeoutPreemptively(Duration.ofSeconds(5), () -> scenario.run(place)));
    }
    assertThat(lack).as("the client says that it lacks %s, but has it", ability).isNotNull();
  }

  /** Whether the library has an ability; one case proves that one that it says it lacks. */
  boolean can(Ability ability) {
    return client.abilities().contains(ability);
  }

  static String outside(TestInstance instance, String path) {
    return "http://127.0.0.1:" + instance.port() + path;
  }

  static TestInstance hanging(TestInstance instance, CountDownLatch until) {
    return hanging(instance, new CountDownLatch(1), until);
  }

  static TestInstance hanging(TestInstance instance, CountDownLatch arrived, CountDownLatch until) {
    return instance.answering(r -> late(arrived, until));
  }

  static Reply late(CountDownLatch arrived, CountDownLatch until) {
    return Reply.of(200, "late")
        .after(
            () -> {
              arrived.countDown();
              await(until);
            });
  }

  static void await(CountDownLatch until) {
    try {
      until.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where a scenario happens: in the mesh, or outside. */
  record Place(TestInstance server, String root) {
    String url(String path) {
      return root + path;
    }
  }

  /** What an application does with one server. */
  interface Scenario {
    void run(Place place) throws Exception;
  }
}
