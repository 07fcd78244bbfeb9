package dev.weft.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.dataplane.identity.LiveConnections;
import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The mesh keeps no record of connections that the client no longer has. */
@Timeout(60)
class ForgottenConnectionTest {
  private final TestMesh mesh = TestMesh.create();
  private final LiveConnections live = mesh.dataPlane().transport().connections();

  @Test
  void connectionIsForgottenWhoeverClosesIt() throws Exception {
    try (TestInstance orders =
            TestInstance.secured("orders", mesh.authority().serverContext("orders"));
        WeavingHarness harness =
            WeavingHarness.install(mesh.dataPlane(), new JavaHttpClientModule())) {
      assertThat(harness.report()).isNotNull();
      mesh.service("orders", orders).apply();
      HttpClient client = HttpClient.newHttpClient();
      get(client);
      get(client);
      assertThat(live.size()).isEqualTo(1);
      orders.closeConnections();
      await().until(() -> live.size() == 0);
      get(client);
      assertThat(live.size()).isEqualTo(1);
      mesh.withdraw("orders");
      await().until(() -> live.size() == 0 && orders.openConnections() == 0);
    }
  }

  private static void get(HttpClient client) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create("http://orders/")).build();
    assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("hello");
  }
}
