package dev.weft.controlserver.api;

import com.linecorp.armeria.common.util.TlsEngineType;
import com.linecorp.armeria.server.GracefulShutdown;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerTlsConfig;
import com.linecorp.armeria.server.ServiceConfig;
import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.ca.SvidTrust;
import dev.weft.controlserver.identity.FailureLimit;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The HTTPS server: limits, TLS, and one {@link ApiService} per row of the API. */
public final class ApiServer implements AutoCloseable {
  /** Largest request body. */
  static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

  private static final int MAX_HEADER_BYTES = 16 * 1024;

  /**
   * Forward secrecy and authenticated encryption only (RFC 9325, 4.2). AES-128 stands first, as it
   * does between instances: an application that starts computes SHA-384 without the processor's
   * help, and pays for it.
   */
  private static final List<String> SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          // Never chosen, for the key is of EC; HTTP/2 demands that it is there (RFC 9113, 9.2.2).
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");

  private final Server server;

  private ApiServer(Server server) {
    this.server = server;
  }

  static ApiServer of(
      InetSocketAddress listen,
      ServerTls tls,
      SvidTrust trust,
      List<Endpoint> endpoints,
      CallerCheck check,
      AuditLog audit,
      FailureLimit logged,
      ConnectionLimits limits) {
    ConnectionGuard guard = new ConnectionGuard(limits);
    ServerBuilder builder =
        Server.builder()
            .https(listen)
            .tlsEngineType(TlsEngineType.JDK)
            .tlsProvider(
                tls,
                ServerTlsConfig.builder()
                    .clientAuth(ClientAuth.OPTIONAL)
                    .tlsCustomizer(
                        context ->
                            context
                                .sslProvider(SslProvider.JDK)
                                .protocols("TLSv1.3", "TLSv1.2")
                                .ciphers(SUITES, SupportedCipherSuiteFilter.INSTANCE)
                                .trustManager(trust))
                    .build())
            .maxRequestLength(MAX_BODY_BYTES)
            .http1MaxHeaderSize(MAX_HEADER_BYTES)
            .http1MaxInitialLineLength(8 * 1024)
            .http2MaxHeaderListSize(MAX_HEADER_BYTES)
            .http2MaxStreamsPerConnection(100)
            .http2MaxResetFramesPerWindow(100, 10)
            .maxNumConnections(limits.connections())
            .childChannelPipelineCustomizer(guard::watch)
            .requestTimeout(limits.request())
            .idleTimeout(limits.idle())
            .blockingTaskExecutor(16)
            .disableServerHeader()
            .errorHandler(new ApiErrors())
            .gracefulShutdown(
                GracefulShutdown.builder()
                    .quietPeriod(Duration.ZERO)
                    .timeout(Duration.ofMillis(500))
                    .build());
    for (Endpoint endpoint : endpoints) {
      // An operator's oversized body is read to its end before it is refused: Java's own HTTP/2
      // client does not look at an
      // answer while it is still sending, and would wait for its timeout instead.
      int limit = endpoint.role() == Role.OPERATOR ? 8 * MAX_BODY_BYTES : MAX_BODY_BYTES;
      builder
          .route()
          .addRoute(Route.builder().methods(endpoint.method()).path(endpoint.path()).build())
          .maxRequestLength(limit)
          .build(new ApiService(endpoint, check, audit, logged, guard));
    }
    return new ApiServer(builder.build());
  }

  /**
   * Begins to listen.
   *
   * @throws StartupException when the address cannot be had
   */
  public InetSocketAddress start(InetSocketAddress listen) {
    try {
      server.start().join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new StartupException(
          "cannot listen on "
              + listen.getHostString()
              + ":"
              + listen.getPort()
              + ": "
              + cause.getMessage()
              + "; choose another --listen address",
          e);
    }
    return server.activePorts().keySet().iterator().next();
  }

  /** What the router really routes, for the test that every endpoint has a rule. */
  List<ServiceConfig> routed() {
    return server.config().serviceConfigs();
  }

  /**
   * Stops to listen and gives requests under way half a second. The wait is bounded: what remains
   * then are the idle threads of the HTTP layer, which take their own time to end.
   */
  @Override
  public void close() {
    try {
      server.stop().get(600, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException idleThreads) {
      // Nothing is listening any more; the process may end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
