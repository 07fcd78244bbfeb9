package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.message.BasicHttpRequest;
import org.apache.http.protocol.HttpRequestExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that the application leases from a manager itself, past every execution chain. */
@Timeout(60)
class LeasedConnectionTest {
  private final TestMesh mesh = TestMesh.create();
  private final PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager();
  private TestInstance instance;
  private WeavingHarness harness;

  @BeforeEach
  void start() throws IOException {
    instance = TestInstance.plain("localhost");
    harness = WeavingHarness.install(mesh.dataPlane(), new ApacheHttpClientModule());
  }

  @AfterEach
  void stop() {
    pool.close();
    harness.close();
    instance.close();
  }

  private int ask() throws Exception {
    HttpRoute route = new HttpRoute(new HttpHost("localhost", instance.port()));
    HttpClientConnection connection = pool.requestConnection(route, null).get(1, TimeUnit.SECONDS);
    HttpClientContext context = HttpClientContext.create();
    try {
      pool.connect(connection, route, 1_000, context);
      BasicHttpRequest request = new BasicHttpRequest("GET", "/");
      HttpResponse response = new HttpRequestExecutor().execute(request, connection, context);
      return response.getStatusLine().getStatusCode();
    } finally {
      connection.close();
      pool.releaseConnection(connection, null, 0, TimeUnit.MILLISECONDS);
    }
  }

  @Test
  void connectionToAServiceIsRefused() {
    mesh.service("localhost", instance).apply();
    assertThatThrownBy(this::ask)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("refused by the service mesh");
    assertThat(instance.connections()).isZero();
  }

  @Test
  void connectionToTheOutsideIsUntouched() throws Exception {
    mesh.clear().apply();
    assertThat(ask()).isEqualTo(200);
  }
}
