package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.methods.HttpEntityEnclosingRequestBase;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.conn.ClientConnectionManager;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.conn.params.ConnManagerParams;
import org.apache.http.conn.params.ConnPerRouteBean;
import org.apache.http.conn.scheme.PlainSocketFactory;
import org.apache.http.conn.scheme.Scheme;
import org.apache.http.conn.scheme.SchemeRegistry;
import org.apache.http.conn.ssl.SSLSocketFactory;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager;
import org.apache.http.params.BasicHttpParams;
import org.apache.http.params.HttpParams;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;
import org.apache.http.util.VersionInfo;
import org.junit.jupiter.api.Test;

/** The contract on {@code DefaultHttpClient}, at the version on the class path. */
class DirectorContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) throws Exception {
    int connections = setup.connections() > 0 ? setup.connections() : 20;
    DefaultHttpClient client = new DefaultHttpClient(pool(connections), new BasicHttpParams());
    if (setup.credentials() != null) {
      client
          .getCredentialsProvider()
          .setCredentials(
              AuthScope.ANY,
              new UsernamePasswordCredentials(
                  setup.credentials().user(), setup.credentials().password()));
    }
    // What a wait for the pool is called in 4.0 and 4.1, and where nothing is set for it since.
    client.getParams().setLongParameter("http.conn-manager.timeout", setup.poolWaitMillis());
    client.getParams().setIntParameter("http.connection.timeout", setup.poolWaitMillis());
    return new Client(client);
  }

  /** The pool that the documentation of the version names first. */
  static ClientConnectionManager pool(int connections) throws Exception {
    try {
      Class<?> pooling = Class.forName("org.apache.http.impl.conn.PoolingClientConnectionManager");
      Object pool = pooling.getConstructor().newInstance();
      pooling.getMethod("setDefaultMaxPerRoute", int.class).invoke(pool, connections);
      pooling.getMethod("setMaxTotal", int.class).invoke(pool, 100);
      return (ClientConnectionManager) pool;
    } catch (ClassNotFoundException e) {
      return threadSafe(connections);
    }
  }

  /** The pool that all versions have. */
  static ClientConnectionManager threadSafe(int connections) {
    SchemeRegistry schemes = new SchemeRegistry();
    schemes.register(new Scheme("http", PlainSocketFactory.getSocketFactory(), 80));
    schemes.register(new Scheme("https", SSLSocketFactory.getSocketFactory(), 443));
    HttpParams params = new BasicHttpParams();
    ConnManagerParams.setMaxTotalConnections(params, 100);
    ConnManagerParams.setMaxConnectionsPerRoute(params, new ConnPerRouteBean(connections));
    return new ThreadSafeClientConnManager(params, schemes);
  }

  @Override
  protected InstrumentationModule module() {
    return new ApacheDirectorModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return Stream.of("DirectorHook", "OperatorHook")
        .map(n -> ApacheDirectorModule.class.getPackageName() + "." + n)
        .toList();
  }

  @Test
  void libraryIsOfTheVersionThatTheBuildMeans() {
    VersionInfo version =
        VersionInfo.loadVersionInfo(
            "org.apache.http.client", DefaultHttpClient.class.getClassLoader());
    assertThat(version.getRelease()).isEqualTo(System.getProperty("weft.test.httpclient"));
  }

  @Test
  void classFilesAreAsOldAsTheLibrary() throws Exception {
    String file = "/org/apache/http/impl/client/DefaultRequestDirector.class";
    try (DataInputStream in =
        new DataInputStream(DefaultHttpClient.class.getResourceAsStream(file))) {
      assertThat(in.readInt()).isEqualTo(0xCAFEBABE);
      assertThat(in.readInt()).as("version of Java 5, or of Java 6").isBetween(49, 50);
    }
  }

  static final class Client implements ClientUnderTest {
    private final DefaultHttpClient client;

    Client(DefaultHttpClient client) {
      this.client = client;
    }

    @Override
    public Set<Ability> abilities() {
      return EnumSet.complementOf(EnumSet.of(Ability.TRAILERS, Ability.GZIP));
    }

    @Override
    public Result send(Call call) throws Exception {
      HttpRequestBase request = request(call);
      call.headers().forEach(e -> request.addHeader(e.getKey(), e.getValue()));
      HttpParams params = request.getParams();
      params.setIntParameter("http.socket.timeout", (int) call.readTimeoutMillis());
      params.setBooleanParameter("http.protocol.handle-redirects", call.followRedirects());
      params.setBooleanParameter("http.protocol.expect-continue", call.expectContinue());
      call.canceller().accept(request::abort);
      HttpContext context = new BasicHttpContext();
      HttpResponse response = client.execute(request, context);
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (Header header : response.getAllHeaders()) {
        headers.add(Map.entry(header.getName(), header.getValue()));
      }
      HttpEntity entity = response.getEntity();
      byte[] body = entity == null ? new byte[0] : EntityUtils.toByteArray(entity);
      return new Result(
          response.getStatusLine().getStatusCode(), headers, body, url(call, context));
    }

    private static HttpRequestBase request(Call call) {
      HttpRequestBase request;
      switch (call.kind()) {
        case BYTES -> request = new WithBody(call.method(), new ByteArrayEntity(call.body()));
        case STREAM ->
            request =
                new WithBody(
                    call.method(),
                    new InputStreamEntity(new ByteArrayInputStream(call.body()), -1));
        default -> request = new Bare(call.method());
      }
      request.setURI(URI.create(call.url()));
      return request;
    }

    private static String url(Call call, HttpContext context) {
      if (context.getAttribute("http.protocol.redirect-locations") == null) {
        return call.url();
      }
      HttpHost host = (HttpHost) context.getAttribute("http.target_host");
      HttpRequest last = (HttpRequest) context.getAttribute("http.request");
      return host.toURI() + last.getRequestLine().getUri();
    }

    @Override
    public Class<? extends Exception> timeout() {
      return java.net.SocketTimeoutException.class;
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

  /** A request of any method, as no version before 4.3 has. */
  private static final class Bare extends HttpRequestBase {
    private final String method;

    Bare(String method) {
      this.method = method;
    }

    @Override
    public String getMethod() {
      return method;
    }
  }

  /** The same with a body. */
  private static final class WithBody extends HttpEntityEnclosingRequestBase {
    private final String method;

    WithBody(String method, HttpEntity body) {
      this.method = method;
      setEntity(body);
    }

    @Override
    public String getMethod() {
      return method;
    }
  }
}
