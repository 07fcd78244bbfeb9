package dev.weft.instrumentation.asynchttpclient;

import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.asynchttpclient.AsyncCompletionHandlerBase;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.DefaultAsyncHttpClientConfig;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.ListenableFuture;
import org.asynchttpclient.RequestBuilder;
import org.asynchttpclient.Response;

/**
 * AsyncHttpClient as an application uses it, by what every version has. It always keeps cookies.
 */
final class AsyncHttpClientUnderTest implements ClientUnderTest {
  private final AsyncHttpClient client;
  private final ClientSetup setup;

  AsyncHttpClientUnderTest(ClientSetup setup) {
    this.setup = setup;
    DefaultAsyncHttpClientConfig.Builder config =
        Dsl.config().setCompressionEnforced(true).setUseProxyProperties(true);
    if (setup.connections() > 0) {
      config
          .setMaxConnectionsPerHost(setup.connections())
          .setAcquireFreeChannelTimeout(setup.poolWaitMillis());
    }
    set(config, "setShutdownQuietPeriod", 0);
    client = Dsl.asyncHttpClient(config);
  }

  @Override
  public Result send(Call call) throws Exception {
    RequestBuilder request =
        new RequestBuilder(call.method())
            .setUrl(call.url())
            .setFollowRedirect(call.followRedirects());
    call.headers().forEach(e -> request.addHeader(e.getKey(), e.getValue()));
    if (call.expectContinue()) {
      request.setHeader("Expect", "100-continue");
    }
    switch (call.kind()) {
      case NONE -> {}
      case BYTES -> request.setBody(call.body());
      case STREAM -> request.setBody(new OneShot(call.body()));
    }
    if (call.readTimeoutMillis() > 0) {
      set(request, "setReadTimeout", (int) call.readTimeoutMillis());
    }
    ClientSetup.Credentials who = setup.credentials();
    if (who != null) {
      request.setRealm(
          Dsl.basicAuthRealm(who.user(), who.password()).setUsePreemptiveAuth(false).build());
    }
    List<Map.Entry<String, String>> trailers = new CopyOnWriteArrayList<>();
    ListenableFuture<Response> future =
        client.executeRequest(
            request.build(),
            new AsyncCompletionHandlerBase() {
              @Override
              public State onTrailingHeadersReceived(HttpHeaders headers) throws Exception {
                trailers.addAll(headers.entries());
                return super.onTrailingHeadersReceived(headers);
              }

              @Override
              public void onThrowable(Throwable failure) {
                // The future tells it.
              }
            });
    call.canceller().accept(() -> future.cancel(true));
    Response response;
    try {
      response = future.get();
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    } catch (java.util.concurrent.CancellationException e) {
      throw new ExecutionException(e);
    }
    return new Result(
        response.getStatusCode(),
        List.copyOf(response.getHeaders().entries()),
        response.getResponseBodyAsBytes(),
        response.getUri().toUrl(),
        List.copyOf(trailers));
  }

  /** Times are ints of milliseconds up to 2, durations later. */
  private static void set(Object builder, String name, int millis) {
    try {
      for (Method method : builder.getClass().getMethods()) {
        if (method.getName().equals(name)) {
          boolean number = method.getParameterTypes()[0] == int.class;
          method.invoke(builder, number ? (Object) millis : Duration.ofMillis(millis));
          return;
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("no " + name);
  }

  @Override
  public Class<? extends Exception> timeout() {
    return TimeoutException.class;
  }

  @Override
  public Class<? extends Exception> poolTimeout() {
    return IOException.class;
  }

  @Override
  public void close() {
    try {
      client.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A body that is gone when it has been read. */
  private static final class OneShot extends FilterInputStream {
    OneShot(byte[] bytes) {
      super((InputStream) new ByteArrayInputStream(bytes));
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
