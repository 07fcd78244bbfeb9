package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.ByteArrayInputStream;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.CookieManager;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The contract on the runtime's {@code HttpClient}, which prefers HTTP/2. */
class JavaHttpClientContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    return new Client(HttpClient.Version.HTTP_2, setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new JavaHttpClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks(
        "ExchangeHook",
        "BodyHook",
        "ConnectTimeoutHook",
        "AddressHook",
        "SecureHook",
        "HostHook",
        "EngineHook",
        "ConnectionHook",
        "ResolveHook");
  }

  @Override
  protected List<String> otherHooks() {
    return hooks("CallerHook", "ClosedHook", "IgnoreHook");
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names)
        .map(n -> JavaHttpClientModule.class.getPackageName() + "." + n)
        .toList();
  }

  static class Client implements ClientUnderTest {
    private final HttpClient following;
    private final HttpClient plain;

    Client(HttpClient.Version version, ClientSetup setup) {
      following = client(version, HttpClient.Redirect.NORMAL, setup);
      plain = client(version, HttpClient.Redirect.NEVER, setup);
    }

    private static HttpClient client(
        HttpClient.Version version, HttpClient.Redirect redirect, ClientSetup setup) {
      HttpClient.Builder builder =
          HttpClient.newBuilder()
              .version(version)
              .followRedirects(redirect)
              .proxy(ProxySelector.getDefault());
      if (setup.cookies()) {
        builder.cookieHandler(new CookieManager());
      }
      ClientSetup.Credentials credentials = setup.credentials();
      if (credentials != null) {
        builder.authenticator(
            new Authenticator() {
              @Override
              protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(
                    credentials.user(), credentials.password().toCharArray());
              }
            });
      }
      return builder.build();
    }

    @Override
    public Set<Ability> abilities() {
      Set<Ability> lacks = EnumSet.of(Ability.GZIP, Ability.POOL_LIMIT, Ability.TRAILERS);
      if (Runtime.version().feature() < 25) {
        // That of 17 sends the body after a refusal, too; that of 25 does not.
        lacks.add(Ability.EXPECT_REFUSED);
      }
      return EnumSet.complementOf(EnumSet.copyOf(lacks));
    }

    @Override
    public Result send(Call call) throws Exception {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(call.url()))
              .method(
                  call.method(),
                  switch (call.kind()) {
                    case NONE -> HttpRequest.BodyPublishers.noBody();
                    case BYTES -> HttpRequest.BodyPublishers.ofByteArray(call.body());
                    case STREAM ->
                        HttpRequest.BodyPublishers.ofInputStream(
                            () -> new ByteArrayInputStream(call.body()));
                  });
      if (call.readTimeoutMillis() > 0) {
        request.timeout(Duration.ofMillis(call.readTimeoutMillis()));
      }
      request.expectContinue(call.expectContinue());
      call.headers().forEach(e -> request.header(e.getKey(), e.getValue()));
      HttpResponse<byte[]> response =
          exchange(call.followRedirects() ? following : plain, request.build(), call);
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      response.headers().map().forEach((n, vs) -> vs.forEach(v -> headers.add(Map.entry(n, v))));
      return new Result(response.statusCode(), headers, response.body(), response.uri().toString());
    }

    private static HttpResponse<byte[]> exchange(HttpClient client, HttpRequest request, Call call)
        throws Exception {
      if (!call.cancellable()) {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      }
      CompletableFuture<HttpResponse<byte[]>> response =
          client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
      call.canceller().accept(() -> response.cancel(true));
      return response.get();
    }

    @Override
    public Class<? extends Exception> timeout() {
      return HttpTimeoutException.class;
    }

    @Override
    public Class<? extends Exception> unknownHost() {
      return ConnectException.class;
    }

    @Override
    public void close() {}
  }
}
