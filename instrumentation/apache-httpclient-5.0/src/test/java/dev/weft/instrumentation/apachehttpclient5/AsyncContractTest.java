package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleResponseConsumer;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.StreamChannel;
import org.apache.hc.core5.http.nio.entity.AbstractBinAsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.condition.DisabledIf;

/**
 * The contract on the asynchronous client, at the version on the class path: at the newest in every
 * build, at the oldest under {@code -Pfull}.
 */
@DisabledIf("left")
class AsyncContractTest extends OutboundContract {
  private static final boolean OLDEST =
      String.valueOf(System.getProperty("weft.test.httpclient")).equals("5.0");

  static boolean left() {
    return OLDEST && !Boolean.getBoolean("weft.full");
  }

  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    HttpAsyncClientBuilder builder = HttpAsyncClients.custom().useSystemProperties();
    ClientSetup.Credentials who = setup.credentials();
    if (who != null) {
      BasicCredentialsProvider provider = new BasicCredentialsProvider();
      provider.setCredentials(
          new AuthScope(null, -1),
          new UsernamePasswordCredentials(who.user(), who.password().toCharArray()));
      builder.setDefaultCredentialsProvider(provider);
    }
    PoolingAsyncClientConnectionManagerBuilder pool =
        PoolingAsyncClientConnectionManagerBuilder.create().useSystemProperties();
    if (setup.connections() > 0) {
      pool.setMaxConnPerRoute(setup.connections());
    }
    PoolingAsyncClientConnectionManager connections = pool.build();
    CloseableHttpAsyncClient client = builder.setConnectionManager(connections).build();
    client.start();
    return new Client(client, connections, setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new ApacheHttpAsyncClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks("AsyncExecuteHook", "RouteHook", "AsyncConnectHook");
  }

  @Override
  protected List<String> otherHooks() {
    return hooks("FreshHook", "UserTokenHook");
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names)
        .map(n -> ApacheHttpAsyncClientModule.class.getPackageName() + "." + n)
        .toList();
  }

  static final class Client implements ClientUnderTest {
    private final CloseableHttpAsyncClient client;
    private final PoolingAsyncClientConnectionManager connections;
    private final ClientSetup setup;
    private final AtomicInteger underWay = new AtomicInteger();

    Client(
        CloseableHttpAsyncClient client,
        PoolingAsyncClientConnectionManager connections,
        ClientSetup setup) {
      this.client = client;
      this.connections = connections;
      this.setup = setup;
    }

    @Override
    public Set<Ability> abilities() {
      EnumSet<Ability> lacking = EnumSet.of(Ability.TRAILERS);
      if (OLDEST) {
        lacking.add(Ability.GZIP);
      }
      return EnumSet.complementOf(lacking);
    }

    @Override
    public Result send(Call call) throws Exception {
      RequestConfig.Builder config =
          RequestConfig.custom()
              .setRedirectsEnabled(call.followRedirects())
              .setExpectContinueEnabled(call.expectContinue());
      if (setup.poolWaitMillis() > 0) {
        config.setConnectionRequestTimeout(Timeout.ofMilliseconds(setup.poolWaitMillis()));
      }
      if (call.readTimeoutMillis() > 0) {
        config.setResponseTimeout(Timeout.ofMilliseconds(call.readTimeoutMillis()));
      }
      SimpleHttpRequest request = new SimpleHttpRequest(call.method(), URI.create(call.url()));
      request.setConfig(config.build());
      call.headers().forEach(e -> request.addHeader(e.getKey(), e.getValue()));
      AsyncEntityProducer entity =
          switch (call.kind()) {
            case NONE -> null;
            case BYTES -> new BasicAsyncEntityProducer(call.body(), null);
            case STREAM -> new Streamed(new ByteArrayInputStream(call.body()));
          };
      AsyncRequestProducer producer = new BasicRequestProducer(request, entity);
      HttpClientContext context = HttpClientContext.create();
      Future<SimpleHttpResponse> future =
          client.execute(producer, SimpleResponseConsumer.create(), context, null);
      call.canceller().accept(() -> future.cancel(true));
      return result(call, context, response(future));
    }

    private SimpleHttpResponse response(Future<SimpleHttpResponse> future) throws Exception {
      underWay.incrementAndGet();
      try {
        return future.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Exception cause) {
          throw cause;
        }
        throw e;
      } finally {
        int others = underWay.decrementAndGet();
        // The library hands an answer over before it gives the connection back.
        for (int i = 0; i < 100 && connections.getTotalStats().getLeased() > others; i++) {
          LockSupport.parkNanos(5_000_000);
        }
      }
    }

    private static Result result(
        Call call, HttpClientContext context, SimpleHttpResponse response) {
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (Header header : response.getHeaders()) {
        headers.add(Map.entry(header.getName(), header.getValue()));
      }
      byte[] body = response.getBodyBytes();
      RedirectLocations redirects = context.getRedirectLocations();
      String url =
          redirects == null || redirects.size() == 0
              ? call.url()
              : redirects.get(redirects.size() - 1).toString();
      return new Result(response.getCode(), headers, body == null ? new byte[0] : body, url);
    }

    @Override
    public Class<? extends Exception> connectFailure() {
      return java.net.ConnectException.class;
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
  }

  /** A body that can be produced once. */
  private static final class Streamed extends AbstractBinAsyncEntityProducer {
    private final InputStream in;

    Streamed(InputStream in) {
      super(4096, null);
      this.in = in;
    }

    @Override
    protected int availableData() {
      return Integer.MAX_VALUE;
    }

    @Override
    protected void produceData(StreamChannel<ByteBuffer> channel) throws IOException {
      byte[] bytes = in.readNBytes(4096);
      channel.write(ByteBuffer.wrap(bytes));
      if (bytes.length < 4096) {
        channel.endStream();
      }
    }

    @Override
    public boolean isRepeatable() {
      return false;
    }

    @Override
    public void failed(Exception cause) {}
  }
}
