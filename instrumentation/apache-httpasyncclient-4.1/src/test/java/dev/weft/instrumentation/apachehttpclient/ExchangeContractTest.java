package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.http.Header;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.client.utils.URIUtils;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.nio.protocol.HttpAsyncRequestProducer;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;
import org.apache.http.util.VersionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/**
 * The contract on the asynchronous client, at the version on the class path: at the newest in every
 * build, at the oldest under {@code -Pfull}.
 */
@DisabledIf("left")
class ExchangeContractTest extends OutboundContract {
  static boolean left() {
    return "4.1".equals(System.getProperty("weft.test.httpasyncclient"))
        && !Boolean.getBoolean("weft.full");
  }

  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    HttpAsyncClientBuilder builder = HttpAsyncClients.custom().useSystemProperties();
    ClientSetup.Credentials who = setup.credentials();
    if (who != null) {
      BasicCredentialsProvider provider = new BasicCredentialsProvider();
      provider.setCredentials(
          AuthScope.ANY, new UsernamePasswordCredentials(who.user(), who.password()));
      builder.setDefaultCredentialsProvider(provider);
    }
    builder.setMaxConnPerRoute(setup.connections() > 0 ? setup.connections() : 20);
    builder.setMaxConnTotal(100);
    CloseableHttpAsyncClient client = builder.build();
    client.start();
    return new Client(client, setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new ApacheExchangeModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return Stream.of("ExchangeHook", "LeaseHook", "AddressHook")
        .map(n -> ApacheExchangeModule.class.getPackageName() + "." + n)
        .toList();
  }

  @Test
  void libraryIsOfTheVersionThatTheBuildMeans() {
    VersionInfo version =
        VersionInfo.loadVersionInfo(
            "org.apache.http.nio.client", HttpAsyncClients.class.getClassLoader());
    assertThat(version.getRelease()).isEqualTo(System.getProperty("weft.test.httpasyncclient"));
  }

  static final class Client implements ClientUnderTest {
    private final CloseableHttpAsyncClient client;
    private final ClientSetup setup;

    Client(CloseableHttpAsyncClient client, ClientSetup setup) {
      this.client = client;
      this.setup = setup;
    }

    @Override
    public Set<Ability> abilities() {
      // Waits for the pool end with other traffic only.
      return EnumSet.complementOf(EnumSet.of(Ability.TRAILERS, Ability.GZIP, Ability.POOL_LIMIT));
    }

    @Override
    public Result send(Call call) throws Exception {
      RequestConfig config =
          RequestConfig.custom()
              .setSocketTimeout((int) call.readTimeoutMillis())
              .setRedirectsEnabled(call.followRedirects())
              .setExpectContinueEnabled(call.expectContinue())
              .setConnectionRequestTimeout(setup.poolWaitMillis())
              .build();
      RequestBuilder built =
          RequestBuilder.create(call.method()).setUri(call.url()).setConfig(config);
      call.headers().forEach(e -> built.addHeader(e.getKey(), e.getValue()));
      byte[] streamed = null;
      switch (call.kind()) {
        case BYTES -> built.setEntity(new ByteArrayEntity(call.body()));
        case STREAM -> {
          streamed = call.body();
          built.setEntity(new InputStreamEntity(new ByteArrayInputStream(streamed), -1));
        }
        default -> {}
      }
      HttpUriRequest request = built.build();
      HttpAsyncRequestProducer producer =
          streamed == null
              ? HttpAsyncMethods.create(request)
              : new Streamed(request, new ByteArrayInputStream(streamed));
      HttpClientContext context = HttpClientContext.create();
      Future<HttpResponse> future =
          client.execute(producer, HttpAsyncMethods.createConsumer(), context, null);
      call.canceller().accept(request::abort);
      HttpResponse response;
      try {
        response = future.get();
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (Header header : response.getAllHeaders()) {
        headers.add(Map.entry(header.getName(), header.getValue()));
      }
      byte[] body =
          response.getEntity() == null
              ? new byte[0]
              : EntityUtils.toByteArray(response.getEntity());
      List<URI> redirects = context.getRedirectLocations();
      String url =
          redirects == null || redirects.isEmpty()
              ? call.url()
              : redirects.get(redirects.size() - 1).toString();
      return new Result(response.getStatusLine().getStatusCode(), headers, body, url);
    }

    @Override
    public Class<? extends Exception> poolTimeout() {
      return TimeoutException.class;
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
  private static final class Streamed implements HttpAsyncRequestProducer {
    private final HttpUriRequest request;
    private final InputStream in;

    Streamed(HttpUriRequest request, InputStream in) {
      this.request = request;
      this.in = in;
      assertThat(request).isInstanceOf(HttpEntityEnclosingRequest.class);
    }

    @Override
    public HttpHost getTarget() {
      return URIUtils.extractHost(request.getURI());
    }

    @Override
    public HttpRequest generateRequest() {
      return request;
    }

    @Override
    public void produceContent(ContentEncoder encoder, IOControl control) throws IOException {
      in.mark(4096);
      byte[] bytes = in.readNBytes(4096);
      int written = encoder.write(ByteBuffer.wrap(bytes));
      in.reset();
      in.skipNBytes(written);
      if (bytes.length < 4096 && written == bytes.length) {
        encoder.complete();
      }
    }

    @Override
    public void requestCompleted(HttpContext context) {}

    @Override
    public void failed(Exception cause) {}

    @Override
    public boolean isRepeatable() {
      return false;
    }

    @Override
    public void resetRequest() {}

    @Override
    public void close() {}
  }
}
