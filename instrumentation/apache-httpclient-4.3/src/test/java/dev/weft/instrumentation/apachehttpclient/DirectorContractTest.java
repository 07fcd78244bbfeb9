package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.ByteArrayInputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.util.EntityUtils;

/** The contract on the deprecated clients, all there was before Apache HttpClient 4.3. */
@SuppressWarnings("deprecation") // what is tested
class DirectorContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    org.apache.http.impl.conn.PoolingClientConnectionManager pool =
        new org.apache.http.impl.conn.PoolingClientConnectionManager();
    pool.setDefaultMaxPerRoute(setup.connections() > 0 ? setup.connections() : 20);
    pool.setMaxTotal(100);
    org.apache.http.impl.client.DefaultHttpClient client =
        new org.apache.http.impl.client.DefaultHttpClient(pool);
    if (setup.credentials() != null) {
      client.setCredentialsProvider(ApacheHttpClientContractTest.credentials(setup.credentials()));
    }
    // Where no wait for the pool is set it is the connect timeout.
    client.getParams().setIntParameter("http.connection.timeout", setup.poolWaitMillis());
    return new Client(client);
  }

  @Override
  protected InstrumentationModule module() {
    return new ApacheHttpClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return Stream.of("DirectorLeaseHook", "DirectorHook", "OperatorHook")
        .map(n -> ApacheHttpClientModule.class.getPackageName() + "." + n)
        .toList();
  }

  static final class Client implements ClientUnderTest {
    private final org.apache.http.impl.client.DefaultHttpClient client;

    Client(org.apache.http.impl.client.DefaultHttpClient client) {
      this.client = client;
    }

    @Override
    public Set<Ability> abilities() {
      return EnumSet.complementOf(EnumSet.of(Ability.TRAILERS, Ability.GZIP));
    }

    @Override
    public Result send(Call call) throws Exception {
      RequestBuilder builder = RequestBuilder.create(call.method()).setUri(call.url());
      call.headers().forEach(e -> builder.addHeader(e.getKey(), e.getValue()));
      switch (call.kind()) {
        case BYTES -> builder.setEntity(new ByteArrayEntity(call.body()));
        case STREAM ->
            builder.setEntity(new InputStreamEntity(new ByteArrayInputStream(call.body()), -1));
        default -> {}
      }
      HttpUriRequest request = builder.build();
      request.getParams().setIntParameter("http.socket.timeout", (int) call.readTimeoutMillis());
      request
          .getParams()
          .setBooleanParameter("http.protocol.handle-redirects", call.followRedirects());
      request
          .getParams()
          .setBooleanParameter("http.protocol.expect-continue", call.expectContinue());
      call.canceller().accept(request::abort);
      HttpClientContext context = HttpClientContext.create();
      HttpResponse response = client.execute(request, context);
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

    @Override
    public Class<? extends Exception> connectFailure() {
      return ConnectException.class;
    }

    @Override
    public Class<? extends Exception> timeout() {
      return SocketTimeoutException.class;
    }

    @Override
    public Class<? extends Exception> unknownHost() {
      return UnknownHostException.class;
    }

    @Override
    public Class<? extends Exception> poolTimeout() {
      return ConnectionPoolTimeoutException.class;
    }

    @Override
    public void close() {
      client.getConnectionManager().shutdown();
    }
  }
}
