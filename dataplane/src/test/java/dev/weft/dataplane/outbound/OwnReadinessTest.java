package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.LocalPorts;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.ReadinessProbe;
import dev.weft.policy.snapshot.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an instance finds out about itself, and the one request over a real socket. */
class OwnReadinessTest {
  private long now = 1_000_000_000L;
  private boolean well = true;
  private @Nullable RuntimeException defect;
  private int asked;
  private int threads;
  private int changes;
  private final OwnReadiness readiness =
      new OwnReadiness(
          probe -> {
            asked++;
            if (defect != null) {
              throw defect;
            }
            return well;
          },
          () -> now,
          loop -> threads++,
          () -> changes++);

  private static ReadinessProbe.Builder probe() {
    return ReadinessProbe.builder()
        .port(8080)
        .periodSeconds(5)
        .successThreshold(2)
        .failureThreshold(3);
  }

  private void seconds(int seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
    readiness.round();
  }

  @Test
  void oneThatStartsHasToPassFirst() {
    readiness.update(probe().initialDelaySeconds(7).build(), true);
    assertThat(readiness.ready()).isFalse();
    assertThat(threads).isEqualTo(1);
    seconds(6);
    assertThat(asked).isZero();
    seconds(1);
    assertThat(asked).isEqualTo(1);
    assertThat(readiness.ready()).as("one success of two").isFalse();
    seconds(4);
    assertThat(asked).as("before its period").isEqualTo(1);
    seconds(1);
    assertThat(readiness.ready()).isTrue();
    assertThat(changes).as("not ready, then ready").isEqualTo(2);
  }

  @Test
  void oneThatServesGoesOnUntilItFailsOftenEnough() {
    readiness.update(probe().build(), false);
    assertThat(readiness.ready()).isTrue();
    well = false;
    seconds(0);
    seconds(5);
    assertThat(readiness.ready()).as("two of three").isTrue();
    seconds(5);
    assertThat(readiness.ready()).isFalse();
    well = true;
    seconds(5);
    well = false;
    seconds(5);
    well = true;
    seconds(5);
    assertThat(readiness.ready()).as("never twice in a row").isFalse();
    seconds(5);
    assertThat(readiness.ready()).isTrue();
  }

  @Test
  void aProbeThatCannotBeMadeFails() {
    readiness.update(probe().failureThreshold(1).build(), false);
    defect = new IllegalStateException("defect");
    seconds(0);
    assertThat(readiness.ready()).isFalse();
  }

  @Test
  void withoutAProbeThereIsNoAnswerAndNoThread() {
    readiness.update(null, true);
    assertThat(readiness.ready()).isNull();
    assertThat(threads).isZero();
    readiness.update(probe().build(), true);
    readiness.update(probe().build(), true);
    assertThat(changes).as("the same once more is no news").isEqualTo(1);
    readiness.update(null, false);
    assertThat(readiness.ready()).isNull();
    assertThat(readiness.round()).as("the thread ends").isEqualTo(-1);
    readiness.update(probe().build(), false);
    assertThat(threads).isEqualTo(2);
  }

  private static boolean probes(
      ReadinessProbe.Builder probe, @Nullable String answer, CompletableFuture<String> request)
      throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread callee =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  byte[] head = new byte[1_000];
                  int length = socket.getInputStream().read(head);
                  request.complete(
                      new String(head, 0, Math.max(0, length), StandardCharsets.US_ASCII));
                  if (answer != null) {
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                  }
                } catch (IOException e) {
                  request.completeExceptionally(e);
                }
              });
      callee.start();
      boolean well = request(probe.port(server.getLocalPort()).build());
      callee.join();
      return well;
    }
  }

  private static boolean request(ReadinessProbe probe) {
    return new ProbeRequest(
            TransportSecurity.of(Clock.systemUTC()), new LocalPorts(), System::nanoTime)
        .well(probe);
  }

  @Test
  void anAnswerBelowFourHundredIsGood() throws Exception {
    CompletableFuture<String> request = new CompletableFuture<>();
    ReadinessProbe.Builder http =
        ReadinessProbe.builder()
            .method(ReadinessProbe.Method.HTTP)
            .host("127.0.0.1")
            .path("/ready")
            .headers(Collections.singletonMap("X-Probe", "yes"))
            .timeoutSeconds(5);
    assertThat(probes(http, "HTTP/1.1 302 Found\r\n\r\n", request)).isTrue();
    assertThat(request.join())
        .startsWith("GET /ready HTTP/1.1\r\nhost: 127.0.0.1\r\nX-Probe: yes\r\n")
        .endsWith("\r\n\r\n");
    assertThat(probes(http, "HTTP/1.1 404 No\r\n\r\n", new CompletableFuture<>())).isFalse();
    assertThat(probes(http, "SSH-2.0\r\n", new CompletableFuture<>())).isFalse();
    assertThat(probes(http, null, new CompletableFuture<>())).isFalse();
    assertThat(
            probes(
                http.method(ReadinessProbe.Method.HTTPS),
                "HTTP/1.1 200 OK\r\n\r\n",
                new CompletableFuture<>()))
        .as("plaintext where TLS was asked for")
        .isFalse();
  }

  @Test
  void aConnectionIsEnoughForTcp() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
      ReadinessProbe.Builder tcp = ReadinessProbe.builder().method(ReadinessProbe.Method.TCP);
      assertThat(request(tcp.port(port).build())).isTrue();
    }
    assertThat(
            request(ReadinessProbe.builder().method(ReadinessProbe.Method.TCP).port(port).build()))
        .isFalse();
  }

  @Test
  void oneThatSaysNothingFailsInTime() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(
              request(
                  ReadinessProbe.builder().port(silent.getLocalPort()).timeoutSeconds(1).build()))
          .isFalse();
    }
  }

  @Test
  void aDataPlaneProbesWhilePolicySaysSo() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DataPlane dataPlane = DataPlane.builder().build();
      CompletableFuture<Boolean> ready = new CompletableFuture<>();
      dataPlane.onReadiness(
          () -> {
            if (Boolean.TRUE.equals(dataPlane.ready())) {
              ready.complete(true);
            }
          });
      assertThat(dataPlane.ready()).isNull();
      ReadinessProbe probe =
          ReadinessProbe.builder()
              .method(ReadinessProbe.Method.TCP)
              .port(server.getLocalPort())
              .build();
      dataPlane.snapshots().apply(Snapshot.builder().version(1).probe(probe).build());
      assertThat(ready.get(10, TimeUnit.SECONDS)).isTrue();
      dataPlane.snapshots().apply(Snapshot.builder().version(2).build());
      assertThat(dataPlane.ready()).isNull();
    }
  }
}
