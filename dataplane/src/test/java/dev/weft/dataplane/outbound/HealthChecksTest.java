package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.CompiledService;
import dev.weft.policy.snapshot.HealthCheck;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Health checks in the assembled chain, and the one request over a real socket. */
class HealthChecksTest {
  private final FakeMesh mesh = new FakeMesh();
  private final Set<Integer> ill = new HashSet<>();
  private final List<Integer> asked = new ArrayList<>();
  private int threads;
  private final HealthChecks checks =
      new HealthChecks(
          (service, pool, endpoint) -> {
            asked.add(endpoint.document().port);
            return !ill.contains(endpoint.document().port);
          },
          mesh::now,
          mesh.random,
          loop -> threads++);

  private static TrafficPolicy asking() {
    HealthCheck check = HealthCheck.builder().path("/ready").intervalMillis(10_000).build();
    return TrafficPolicy.builder().healthCheck(check).build();
  }

  private void apply(int endpoints, TrafficPolicy policy) {
    mesh.policy(endpoints, policy);
    checks.update(mesh.snapshots.current());
  }

  private void interval() {
    mesh.advanceMillis(10_000);
    checks.round();
  }

  private Set<Integer> called() throws Exception {
    Set<Integer> ports = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      mesh.call(
          FakeRequest.get(),
          attempt -> {
            ports.add(attempt.port());
            return 200;
          });
    }
    return ports;
  }

  @Test
  void whoFailsTwiceIsNotCalledUntilItPassesTwice() throws Exception {
    apply(4, asking());
    assertThat(threads).isEqualTo(1);
    ill.add(9001);
    interval();
    assertThat(asked).containsExactlyInAnyOrder(9001, 9002, 9003, 9004);
    assertThat(called()).as("once is an accident").hasSize(4);
    interval();
    assertThat(called()).containsExactlyInAnyOrder(9002, 9003, 9004);
    ill.clear();
    interval();
    assertThat(called()).hasSize(3);
    interval();
    assertThat(called()).hasSize(4);
  }

  @Test
  void whenMoreThanHalfAreIllAllAreCalled() throws Exception {
    apply(4, asking());
    ill.add(9001);
    ill.add(9002);
    interval();
    interval();
    assertThat(called()).containsExactlyInAnyOrder(9003, 9004);
    ill.add(9003);
    interval();
    interval();
    assertThat(called()).hasSize(4);
  }

  @Test
  void whoIsNotAskedAnyMoreIsWell() throws Exception {
    apply(4, asking());
    ill.add(9001);
    interval();
    interval();
    assertThat(called()).hasSize(3);
    apply(4, asking());
    assertThat(called()).as("another snapshot of the same").hasSize(3);
    apply(4, TrafficPolicy.defaults());
    assertThat(called()).hasSize(4);
    assertThat(checks.round()).as("the thread ends").isEqualTo(-1);
    apply(4, asking());
    assertThat(threads).isEqualTo(2);
  }

  @Test
  void intervalsDoNotDriftWithWhatAskingTakes() {
    apply(1, asking());
    interval();
    asked.clear();
    for (int i = 0; i < 10; i++) {
      mesh.advance(Math.max(1, checks.round()));
      checks.round();
      // Somebody answers slowly.
      mesh.advanceMillis(3_000);
    }
    assertThat(asked).as("in 100 seconds").hasSize(10);
    long wait = checks.round();
    mesh.advanceMillis(60_000);
    checks.round();
    assertThat(asked).as("what was missed is not made up").hasSize(11);
    assertThat(wait).isLessThanOrEqualTo(7_000_000_000L);
  }

  @Test
  void whoIsNewIsAskedAlthoughTheThreadWaitsForOthers() {
    Queue<Integer> ports = new ConcurrentLinkedQueue<>();
    HealthChecks real =
        new HealthChecks(
            (service, pool, endpoint) -> ports.add(endpoint.document().port),
            System::nanoTime,
            mesh.random,
            HealthChecks::daemon);
    HealthCheck hourly = HealthCheck.builder().path("/").intervalMillis(3_600_000).build();
    mesh.policy(1, TrafficPolicy.builder().healthCheck(hourly).build());
    real.update(mesh.snapshots.current());
    HealthCheck often = hourly.toBuilder().intervalMillis(1).build();
    Awaitility.await("the thread waits")
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(
                        thread ->
                            thread.getName().equals("mesh-health")
                                && thread.getState() == Thread.State.TIMED_WAITING));
    mesh.policy(1, TrafficPolicy.builder().healthCheck(often).build());
    real.update(mesh.snapshots.current());
    Awaitility.await("asked").until(() -> !ports.isEmpty());
    mesh.policy(1, TrafficPolicy.defaults());
    real.update(mesh.snapshots.current());
  }

  private boolean well(@Nullable String answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      mesh.apply(
          FakeMesh.orders()
              .endpoints(
                  Collections.singletonList(
                      FakeMesh.endpoint(1).toBuilder().port(server.getLocalPort()).build()))
              .trafficPolicy(asking())
              .build());
      CompletableFuture<String> request = new CompletableFuture<>();
      Thread callee =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  byte[] head = new byte[1_000];
                  int length = socket.getInputStream().read(head);
                  request.complete(new String(head, 0, length, StandardCharsets.US_ASCII));
                  if (answer != null) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                  }
                } catch (IOException e) {
                  request.completeExceptionally(e);
                }
              });
      callee.start();
      CompiledService service = mesh.target().service();
      boolean well =
          new HealthRequest(
                  TransportSecurity.of(Clock.systemUTC()),
                  ClientSecurity.NONE,
                  (task, delay) -> () -> {})
              .well(service, service.whole(), service.whole().endpoint(0));
      callee.join();
      assertThat(request.join()).startsWith("GET /ready HTTP/1.1\r\nhost: " + FakeMesh.HOST);
      return well;
    }
  }

  @Test
  void onlyAnAnswerOfTheTwoHundredsIsWell() throws Exception {
    assertThat(well("HTTP/1.1 204 No Content\r\n\r\n")).isTrue();
    assertThat(well("HTTP/1.0 200\r\n\r\n")).isTrue();
    assertThat(well("HTTP/1.1 503 No\r\n\r\n")).isFalse();
    assertThat(well("SSH-2.0\r\n")).isFalse();
    assertThat(well(null)).isFalse();
  }

  @Test
  void nobodyThereIsNotWell() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = gone.getLocalPort();
    }
    mesh.apply(
        FakeMesh.orders()
            .endpoints(
                Collections.singletonList(FakeMesh.endpoint(1).toBuilder().port(port).build()))
            .trafficPolicy(asking())
            .build());
    CompiledService service = mesh.target().service();
    assertThat(
            new HealthRequest(
                    TransportSecurity.of(Clock.systemUTC()),
                    ClientSecurity.NONE,
                    (task, delay) -> () -> {})
                .well(service, service.whole(), service.whole().endpoint(0)))
        .isFalse();
  }
}
