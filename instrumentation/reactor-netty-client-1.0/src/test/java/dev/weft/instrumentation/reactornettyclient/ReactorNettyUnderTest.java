package dev.weft.instrumentation.reactornettyclient;

import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.transport.ProxyProvider;

/** Reactor Netty as an application uses it, by what every version has. */
final class ReactorNettyUnderTest implements ClientUnderTest {
  private static final boolean OLDEST =
      String.valueOf(System.getProperty("weft.test.reactor-netty")).equals("1.0.0");
  private static final Method TRAILERS = trailers();

  private final ConnectionProvider connections;
  private final HttpClient client;

  ReactorNettyUnderTest(ClientSetup setup) {
    ConnectionProvider.Builder pool = ConnectionProvider.builder("test");
    if (setup.connections() > 0) {
      pool.maxConnections(setup.connections())
          .pendingAcquireTimeout(Duration.ofMillis(setup.poolWaitMillis()));
    }
    connections = pool.build();
    HttpClient plain = HttpClient.create(connections).compress(true);
    String proxy = System.getProperty("http.proxyHost");
    client =
        proxy == null
            ? plain
            : plain.proxy(
                to ->
                    to.type(ProxyProvider.Proxy.HTTP)
                        .host(proxy)
                        .port(Integer.getInteger("http.proxyPort")));
  }

  private static Method trailers() {
    try {
      return HttpClientResponse.class.getMethod("trailerHeaders");
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  @Override
  public Set<Ability> abilities() {
    EnumSet<Ability> lacking =
        EnumSet.of(Ability.COOKIES, Ability.AUTHENTICATION, Ability.EXPECT_REFUSED);
    if (TRAILERS == null) {
      lacking.add(Ability.TRAILERS);
    }
    if (OLDEST) {
      lacking.add(Ability.EXPECT_CONTINUE);
      lacking.add(Ability.RELATIVE_REDIRECTS);
    }
    return EnumSet.complementOf(lacking);
  }

  @Override
  public Result send(Call call) throws Exception {
    HttpClient with =
        client
            .followRedirect(call.followRedirects())
            .headers(
                headers -> {
                  call.headers().forEach(e -> headers.add(e.getKey(), e.getValue()));
                  if (call.expectContinue()) {
                    headers.set("Expect", "100-continue");
                  }
                });
    if (call.readTimeoutMillis() > 0) {
      with = with.responseTimeout(Duration.ofMillis(call.readTimeoutMillis()));
    }
    AtomicReference<EventLoop> loop = new AtomicReference<>();
    CompletableFuture<Result> answer =
        with.doOnResponse((response, connection) -> loop.set(connection.channel().eventLoop()))
            .request(HttpMethod.valueOf(call.method()))
            .uri(call.url())
            .send(body(call))
            .responseSingle(
                (response, content) ->
                    content
                        .asByteArray()
                        .defaultIfEmpty(new byte[0])
                        .flatMap(bytes -> result(response, bytes)))
            .toFuture();
    call.canceller().accept(() -> answer.cancel(true));
    try {
      Result result = answer.get();
      returned(loop.get());
      return result;
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  /**
   * Waits until the connection is back in its pool. The library gives it back after the application
   * has the end of the response, so who calls at once again may find it taken, in the mesh or not.
   */
  private static void returned(EventLoop loop) throws Exception {
    if (!loop.inEventLoop()) {
      loop.submit(() -> {}).get();
    }
  }

  private static Publisher<io.netty.buffer.ByteBuf> body(Call call) {
    return switch (call.kind()) {
      case NONE -> Mono.empty();
      case BYTES -> Mono.fromSupplier(() -> Unpooled.wrappedBuffer(call.body()));
      case STREAM -> stream(new ByteArrayInputStream(call.body()));
    };
  }

  /** A body that is gone when it has been read. */
  private static Publisher<io.netty.buffer.ByteBuf> stream(ByteArrayInputStream in) {
    return ByteBufFlux.fromInbound(
        Flux.<byte[]>generate(
            sink -> {
              try {
                byte[] bytes = in.readNBytes(8000);
                if (bytes.length == 0) {
                  sink.complete();
                } else {
                  sink.next(bytes);
                }
              } catch (IOException e) {
                sink.error(new UncheckedIOException(e));
              }
            }));
  }

  @SuppressWarnings("unchecked")
  private static Mono<Result> result(HttpClientResponse response, byte[] body) {
    Mono<HttpHeaders> trailers = Mono.empty();
    try {
      if (TRAILERS != null) {
        trailers = (Mono<HttpHeaders>) TRAILERS.invoke(response);
      }
    } catch (ReflectiveOperationException e) {
      return Mono.error(e);
    }
    return trailers
        .map(ReactorNettyUnderTest::entries)
        .defaultIfEmpty(List.of())
        .map(
            last ->
                new Result(
                    response.status().code(),
                    entries(response.responseHeaders()),
                    body,
                    response.resourceUrl(),
                    last));
  }

  private static List<Map.Entry<String, String>> entries(HttpHeaders headers) {
    return List.copyOf(headers.entries());
  }

  @Override
  public Class<? extends Exception> timeout() {
    return ReadTimeoutException.class;
  }

  @Override
  public Class<? extends Exception> poolTimeout() {
    return TimeoutException.class;
  }

  @Override
  public void close() {
    connections.dispose();
  }
}
