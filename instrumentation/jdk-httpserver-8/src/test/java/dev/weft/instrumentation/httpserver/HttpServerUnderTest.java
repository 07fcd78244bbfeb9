package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.HttpServer;
import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** The server of the runtime that the tests run on. */
final class HttpServerUnderTest implements InboundServer {
  private final HttpServer server;
  private final ContractHandler handler = new ContractHandler();
  private final @Nullable ExecutorService executor;

  private HttpServerUnderTest(@Nullable ExecutorService executor) throws IOException {
    this.executor = executor;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
    server.setExecutor(executor);
    server.createContext("/", handler);
    server.start();
  }

  /** Attaches to a server with threads of its own for requests. */
  static InboundRig attach() throws IOException {
    return InboundRig.attach(
        new HttpServerUnderTest(Executors.newCachedThreadPool()),
        new HttpServerModule(),
        new HttpServerTransportModule());
  }

  /** A server that does everything on the thread of its dispatcher, the default. */
  static HttpServerUnderTest singleThreaded() throws IOException {
    return new HttpServerUnderTest(null);
  }

  @Override
  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public boolean answersAfterTlsHalfClose() {
    return true;
  }

  @Override
  public int reached() {
    return handler.reached();
  }

  @Override
  public void close() {
    server.stop(0);
    if (executor != null) {
      executor.shutdownNow();
    }
  }
}
