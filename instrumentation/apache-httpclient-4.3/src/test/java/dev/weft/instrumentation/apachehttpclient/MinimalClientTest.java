package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of {@code HttpClients.createMinimal()}, which has an execution chain of its own. */
@Timeout(60)
class MinimalClientTest {
  @Test
  void minimalClientIsSecuredAndRetried() throws Exception {
    TestMesh mesh = TestMesh.create();
    try (TestInstance bad =
            TestInstance.secured("orders", mesh.authority().serverContext("orders"))
                .answering(r -> Reply.of(503, "no"));
        TestInstance good =
            TestInstance.secured("orders", mesh.authority().serverContext("orders"));
        WeavingHarness harness =
            WeavingHarness.install(mesh.dataPlane(), new ApacheHttpClientModule());
        CloseableHttpClient client = HttpClients.createMinimal()) {
      assertThat(harness.report()).isNotNull();
      mesh.service("orders", bad, good).apply();
      for (int i = 0; i < 4; i++) {
        try (CloseableHttpResponse response = client.execute(new HttpGet("http://orders:8080/x"))) {
          assertThat(response.getStatusLine().getStatusCode()).isEqualTo(200);
          assertThat(EntityUtils.toString(response.getEntity())).isEqualTo("hello");
        }
        assertThat(good.last().peer()).isEqualTo("CN=caller");
        assertThat(good.last().values("Host")).containsExactly("orders:8080");
      }
      assertThat(good.requests()).hasSize(4);
      assertThat(good.connections()).isEqualTo(1);
    }
  }
}
