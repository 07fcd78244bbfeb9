package dev.weft.instrumentation.httpserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import dev.weft.instrumentation.testing.inbound.TestMesh;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An application that has its answer's headers in its hands when a call of it is given up: what it
 * says of them before and after that is in the answer, and so is what its caller is to be told.
 */
@Timeout(60)
final class HeldAnswerTest {
  @Test
  void headersThatTheApplicationHoldsAreThoseOfTheAnswer() throws Exception {
    TestMesh mesh = TestMesh.create();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", HeldAnswerTest::serve);
    server.start();
    try (WeavingHarness harness =
        WeavingHarness.install(
            mesh.dataPlane(), new HttpServerModule(), new HttpServerTransportModule())) {
      mesh.join();
      int port = server.getAddress().getPort();
      try (RawConnection meshed = RawConnection.tls(port, mesh.client("reader"), TestMesh.ALPN)) {
        assertTold(meshed.send(Probe.get("/app/fails")).read(), "true");
        assertTold(meshed.send(Probe.get("/app/well")).read(), null);
      }
      try (RawConnection plaintext = RawConnection.plaintext(port)) {
        // Nobody outside of the mesh is told.
        assertTold(plaintext.send(Probe.get("/app/fails")).read(), null);
      }
      assertThat(harness.report()).allMatch(each -> each.state().equals("applied"));
    } finally {
      server.stop(0);
    }
  }

  private static void serve(HttpExchange exchange) throws IOException {
    Headers held = exchange.getResponseHeaders();
    held.set("x-before", "1");
    List<String> own = new ArrayList<>(List.of("a"));
    held.put("x-own", own);
    RequestContext context = RequestContext.current();
    if (context != null && exchange.getRequestURI().getPath().endsWith("/fails")) {
      context.giveUp();
    }
    own.add("b");
    held.set("x-after", "2");
    exchange.sendResponseHeaders(503, -1);
    exchange.close();
  }

  private static void assertTold(RawConnection.Answer answer, @Nullable String told) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("x-before")).isEqualTo("1");
    assertThat(answer.header("x-after")).isEqualTo("2");
    assertThat(answer.headers())
        .as("a list of the application's own")
        .anySatisfy(header -> assertThat(header).isEqualToIgnoringCase("x-own: b"));
    assertThat(answer.header(RequestContext.OVERLOADED_HEADER)).isEqualTo(told);
  }
}
