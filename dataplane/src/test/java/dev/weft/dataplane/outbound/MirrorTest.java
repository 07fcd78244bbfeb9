package dev.weft.dataplane.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.HeaderEditor;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Mirror;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Copies of requests: what is copied, when, and what a copy costs the call. */
class MirrorTest {
  private static final String STOCK = "stock.shop.svc.cluster.local";

  private final FakeMesh mesh = new FakeMesh();

  private void mirroring(int port, double percent, Route.Builder route) {
    Mirror mirror = Mirror.builder().host(STOCK).percent(percent).build();
    Endpoint copy = Endpoint.builder().id("s").address("127.0.0.1").port(port).build();
    mesh.apply(
        FakeMesh.orders()
            .endpoints(Collections.singletonList(FakeMesh.endpoint(1)))
            .routes(
                Collections.singletonList(
                    route
                        .backends(
                            Collections.singletonList(
                                Backend.builder().host(FakeMesh.HOST).weight(1).build()))
                        .mirrors(Collections.singletonList(mirror))
                        .build()))
            .build(),
        Service.builder().host(STOCK).endpoints(Collections.singletonList(copy)).build());
  }

  private void runCopies() {
    mesh.copies.forEach(Runnable::run);
    mesh.copies.clear();
  }

  /** Takes one connection, reads a request to its end and answers. */
  private static CompletableFuture<String> receive(ServerSocket server) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = server.accept()) {
            ByteArrayOutputStream seen = new ByteArrayOutputStream();
            while (!seen.toString("UTF-8").endsWith("end")) {
              int next = socket.getInputStream().read();
              if (next < 0) {
                break;
              }
              seen.write(next);
            }
            socket.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(UTF_8));
            return seen.toString("UTF-8");
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void aCopyIsSentAsTheRequestWasAndMarked() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> received = receive(server);
      Rewrite rewrite = Rewrite.builder().path(PathRewrite.builder().value("/v2").build()).build();
      mirroring(server.getLocalPort(), 100, Route.builder().rewrite(rewrite));
      Copied request = new Copied("POST", "orders:8080", "the end".getBytes(UTF_8));
      request.setHeader("x-a", "1");
      request.setHeader("Content-Length", "99");
      request.setHeader("Transfer-Encoding", "chunked");
      request.setHeader("Upgrade", "h2c");
      assertThat(mesh.call(request, attempt -> 200)).isEqualTo(200);
      assertThat(mesh.copies).as("nothing is sent before the caller goes on").hasSize(1);
      runCopies();
      assertThat(received.get())
          .isEqualTo(
              "POST /v2?q HTTP/1.1\r\nHost: orders-shadow:8080\r\nx-a: 1\r\n"
                  + "Content-Length: 7\r\nConnection: close\r\n\r\nthe end");
    }
    assertThat(mesh.mirrored).containsExactly(STOCK + " sent");
  }

  @Test
  void retriesMakeNoMoreCopies() throws Exception {
    mirroring(
        1,
        100,
        Route.builder()
            .retries(RetryPolicy.builder().attempts(2).retryOn(Arrays.asList("5xx")).build()));
    mesh.call(new Copied("GET", "orders", new byte[0]), attempt -> 500);
    assertThat(mesh.copies).hasSize(1);
  }

  @Test
  void aShareOfRequestsIsCopied() throws Exception {
    mirroring(1, 25, Route.builder());
    for (int i = 0; i < 10_000; i++) {
      mesh.call(new Copied("GET", "orders", new byte[0]), attempt -> 200);
    }
    assertThat(mesh.copies.size()).isBetween(2_350, 2_650);
  }

  @Test
  void aMirrorThatIsNotThereCostsNothing() throws Exception {
    int closed;
    try (ServerSocket server = new ServerSocket(0)) {
      closed = server.getLocalPort();
    }
    mirroring(closed, 100, Route.builder());
    assertThat(mesh.call(new Copied("GET", "orders", new byte[0]), attempt -> 200)).isEqualTo(200);
    runCopies();
    mesh.queueFull = true;
    assertThat(mesh.call(new Copied("GET", "orders", new byte[0]), attempt -> 200)).isEqualTo(200);
    mesh.queueFull = false;
    assertThat(mesh.mirrored).containsExactly(STOCK + " failed", STOCK + " dropped");
  }

  @Test
  void whatIsNotKnownWholeIsNotCopied() throws Exception {
    mirroring(1, 100, Route.builder());
    assertThat(mesh.call(new Copied("PUT", "orders", null), attempt -> 200)).isEqualTo(200);
    Copied upgrade = new Copied("GET", "orders", new byte[0]);
    upgrade.setHeader("Upgrade", "websocket");
    assertThat(mesh.call(upgrade, attempt -> 101)).isEqualTo(101);
    Copied split = new Copied("GET", "orders", new byte[0]);
    split.setHeader("x", "1\r\nHost: elsewhere");
    assertThat(mesh.call(split, attempt -> 200)).isEqualTo(200);
    assertThat(mesh.copies).isEmpty();
    assertThat(mesh.mirrored)
        .containsExactly(STOCK + " dropped", STOCK + " dropped", STOCK + " dropped");
  }

  @Test
  void whatWasNotSentIsNotCopied() throws Exception {
    mirroring(1, 100, Route.builder());
    mesh.apply(
        FakeMesh.orders().routes(mesh.target().service().document().routes).build(),
        Service.builder().host(STOCK).build());
    assertThat(mesh.call(new Copied("GET", "orders", new byte[0]), attempt -> 200)).isEqualTo(503);
    assertThat(mesh.copies).isEmpty();
    assertThat(mesh.mirrored).isEmpty();
  }

  @Test
  void aDefectInCopyingIsNotTheCalls() throws Exception {
    mirroring(1, 100, Route.builder());
    Copied defective =
        new Copied("GET", "orders", new byte[0]) {
          @Override
          public byte[] copyTo(HeaderEditor copy) {
            throw new LinkageError("defect");
          }
        };
    assertThat(mesh.call(defective, attempt -> 200)).isEqualTo(200);
    assertThat(mesh.copies).isEmpty();
  }

  /** A request whose body is known, or not. */
  private static class Copied extends FakeRequest {
    private final byte @Nullable [] body;

    Copied(String method, String authority, byte @Nullable [] body) {
      super(method, authority, "/a?q");
      this.body = body;
    }

    @Override
    public boolean rewritePath(String pathAndQuery) {
      return true;
    }

    @Override
    public byte @Nullable [] copyTo(HeaderEditor copy) {
      headers.forEach((name, values) -> values.forEach(value -> copy.addHeader(name, value)));
      return body;
    }
  }
}
