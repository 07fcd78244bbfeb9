package dev.weft.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.protocol.RedirectLocations;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.util.Timeout;
import org.apache.hc.core5.util.VersionInfo;
import org.junit.jupiter.api.Test;

/** The contract on the classic client, at the version on the class path. */
class ClassicContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    HttpClientBuilder builder = HttpClients.custom().useSystemProperties();
    ClientSetup.Credentials who = setup.credentials();
    if (who != null) {
      BasicCredentialsProvider provider = new BasicCredentialsProvider();
      provider.setCredentials(
          new AuthScope(null, -1),
          new UsernamePasswordCredentials(who.user(), who.password().toCharArray()));
      builder.setDefaultCredentialsProvider(provider);
    }
    if (setup.connections() > 0) {
      builder.setConnectionManager(
          PoolingHttpClientConnectionManagerBuilder.create()
              .setMaxConnPerRoute(setup.connections())
              .build());
    }
    return new Client(builder.build(), setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new ApacheHttpClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return Stream.of("ExecuteHook", "RouteHook", "ConnectHook")
        .map(n -> ApacheHttpClientModule.class.getPackageName() + "." + n)
        .toList();
  }

  @Test
  void libraryIsOfTheVersionThatTheBuildMeans() {
    VersionInfo version =
        VersionInfo.loadVersionInfo("org.apache.hc.client5", HttpClients.class.getClassLoader());
    assertThat(version.getRelease()).isEqualTo(System.getProperty("weft.test.httpclient"));
  }

  static final class Client implements ClientUnderTest {
    private final CloseableHttpClient client;
    private final ClientSetup setup;

    Client(CloseableHttpClient client, ClientSetup setup) {
      this.client = client;
      this.setup = setup;
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
      HttpUriRequestBase request = new HttpUriRequestBase(call.method(), URI.create(call.url()));
      request.setConfig(config.build());
      call.headers().forEach(e -> request.addHeader(e.getKey(), e.getValue()));
      switch (call.kind()) {
        case BYTES -> request.setEntity(new ByteArrayEntity(call.body(), null));
        case STREAM ->
            request.setEntity(
                new InputStreamEntity(new ByteArrayInputStream(call.body()), -1, null));
        default -> {}
      }
      call.canceller().accept(request::cancel);
      HttpClientContext context = HttpClientContext.create();
      try (CloseableHttpResponse response = execute(request, context)) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Header header : response.getHeaders()) {
          headers.add(Map.entry(header.getName(), header.getValue()));
        }
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
        List<Map.Entry<String, String>> trailers = new ArrayList<>();
        if (entity != null && entity.getTrailers() != null && entity.getTrailers().get() != null) {
          entity
              .getTrailers()
              .get()
              .forEach(h -> trailers.add(Map.entry(h.getName(), h.getValue())));
        }
        RedirectLocations redirects = context.getRedirectLocations();
        String url =
            redirects == null || redirects.size() == 0
                ? call.url()
                : redirects.get(redirects.size() - 1).toString();
        return new Result(response.getCode(), headers, body, url, trailers);
      }
    }

    @SuppressWarnings("deprecation") // the method that every version has
    private CloseableHttpResponse execute(HttpUriRequestBase request, HttpClientContext context)
        throws IOException {
      return client.execute(request, context);
    }

    @Override
    public Class<? extends Exception> poolTimeout() {
      return ConnectionRequestTimeoutException.class;
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
}
