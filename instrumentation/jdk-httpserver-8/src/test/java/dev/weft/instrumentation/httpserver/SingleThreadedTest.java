package dev.weft.instrumentation.httpserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.WeavingHarness;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import dev.weft.instrumentation.testing.inbound.TestMesh;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * With the server's default executor the dispatcher's thread serves requests, too: no client may
 * hold it with a part of a handshake.
 */
@Timeout(60)
final class SingleThreadedTest {
  @Test
  void noPartOfAHandshakeHoldsTheDispatcher() throws Exception {
    TestMesh mesh = TestMesh.create();
    List<RawConnection> stalled = new ArrayList<>();
    try (HttpServerUnderTest server = HttpServerUnderTest.singleThreaded();
        WeavingHarness harness =
            WeavingHarness.install(
                mesh.dataPlane(), new HttpServerModule(), new HttpServerTransportModule())) {
      mesh.join();
      byte[] hello = hello(mesh);
      for (int length : new int[] {0, 1, 6, hello.length - 1, hello.length}) {
        stalled.add(RawConnection.plaintext(server.port()).send(Arrays.copyOf(hello, length)));
        assertServed(RawConnection.plaintext(server.port()));
        assertServed(RawConnection.tls(server.port(), mesh.client("reader"), TestMesh.ALPN));
      }
      // One that has shaken hands and says nothing more.
      stalled.add(RawConnection.tls(server.port(), mesh.client("reader"), TestMesh.ALPN));
      assertServed(RawConnection.plaintext(server.port()));
      assertServed(RawConnection.tls(server.port(), mesh.client("reader"), TestMesh.ALPN));
      assertThat(harness.report()).allMatch(each -> each.state().equals("applied"));
      for (RawConnection each : stalled) {
        assertEnds(each);
      }
    } finally {
      for (RawConnection each : stalled) {
        each.close();
      }
    }
  }

  /** By the server's own timeout; the server's part of the handshake may come before. */
  private static void assertEnds(RawConnection connection) throws IOException {
    try {
      connection.socket().getInputStream().readAllBytes();
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the server keeps a connection that says nothing", e);
    } catch (SSLException | SocketException e) {
      // An end, too.
    }
  }

  private static byte[] hello(TestMesh mesh) throws IOException {
    SSLEngine engine = mesh.client("reader").createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {TestMesh.ALPN});
    engine.setSSLParameters(parameters);
    ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), hello);
    return Arrays.copyOf(hello.array(), hello.position());
  }

  private static void assertServed(RawConnection connection) throws IOException {
    try (connection) {
      connection.socket().setSoTimeout(5000);
      assertThat(connection.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
  }
}
