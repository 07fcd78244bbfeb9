package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientSetup.Credentials;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.CredentialsProvider;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;
import org.apache.http.util.VersionInfo;
import org.junit.jupiter.api.Test;

/** The contract on Apache HttpClient, at the version on the class path. */
class ApacheHttpClientContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    HttpClientBuilder builder = HttpClients.custom().useSystemProperties();
    if (setup.credentials() != null) {
      builder.setDefaultCredentialsProvider(credentials(setup.credentials()));
    }
    if (setup.connections() > 0) {
      builder.setMaxConnPerRoute(setup.connections());
    }
    return new Client(builder.build(), setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new ApacheHttpClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks("ExecuteHook", "RouteHook", "ConnectHook");
  }

  @Test
  void libraryIsOfTheVersionThatTheBuildMeans() {
    VersionInfo version =
        VersionInfo.loadVersionInfo("org.apache.http.client", HttpClients.class.getClassLoader());
    assertThat(version.getRelease()).isEqualTo(System.getProperty("weft.test.httpclient"));
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names)
        .map(n -> ApacheHttpClientModule.class.getPackageName() + "." + n)
        .toList();
  }

  static CredentialsProvider credentials(Credentials who) {
    BasicCredentialsProvider provider = new BasicCredentialsProvider();
    provider.setCredentials(
        AuthScope.ANY, new UsernamePasswordCredentials(who.user(), who.password()));
    return provider;
  }

  static final class Client implements ClientUnderTest {
    private final CloseableHttpClient client;
    private final ClientSetup setup;

    Client(CloseableHttpClient client, ClientSetup setup) {
      this.client = client;
      this.setup = setup;
    }

    @Override
    public Set<Ability> abilities() {
      return EnumSet.complementOf(EnumSet.of(Ability.TRAILERS));
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
      RequestBuilder request =
          RequestBuilder.create(call.method()).setUri(call.url()).setConfig(config);
      call.headers().forEach(e -> request.addHeader(e.getKey(), e.getValue()));
      switch (call.kind()) {
        case BYTES -> request.setEntity(new ByteArrayEntity(call.body()));
        case STREAM ->
            request.setEntity(new InputStreamEntity(new ByteArrayInputStream(call.body()), -1));
        default -> {}
      }
      HttpClientContext context = HttpClientContext.create();
      HttpUriRequest built = request.build();
      call.canceller().accept(built::abort);
      try (CloseableHttpResponse response = client.execute(built, context)) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        for (Header header : response.getAllHeaders()) {
          headers.add(Map.entry(header.getName(), header.getValue()));
        }
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
        List<URI> redirects = context.getRedirectLocations();
        String url =
            redirects == null || redirects.isEmpty()
                ? call.url()
                : redirects.get(redirects.size() - 1).toString();
        return new Result(response.getStatusLine().getStatusCode(), headers, body, url);
      }
    }

    @Override
    public Class<? extends Exception> poolTimeout() {
      return ConnectionPoolTimeoutException.class;
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
