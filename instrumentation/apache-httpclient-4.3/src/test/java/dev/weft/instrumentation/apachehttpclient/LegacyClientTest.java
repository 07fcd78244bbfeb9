package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The deprecated clients never carry a call to the mesh in plaintext. The service is named as the
 * loopback address is, so that DNS would find its instance.
 */
@Timeout(60)
@SuppressWarnings("deprecation") // what is tested
class LegacyClientTest {
  private final TestMesh mesh = TestMesh.create();
  private TestInstance service;
  private TestInstance outside;
  private WeavingHarness harness;
  private org.apache.http.impl.client.DefaultHttpClient client;

  @BeforeEach
  void start() throws IOException {
    service = TestInstance.plain("localhost");
    outside = TestInstance.plain("outside");
    mesh.service("localhost", service).apply();
    harness = WeavingHarness.install(mesh.dataPlane(), new ApacheHttpClientModule());
    client = new org.apache.http.impl.client.DefaultHttpClient();
  }

  @AfterEach
  void stop() {
    client.getConnectionManager().shutdown();
    harness.close();
    service.close();
    outside.close();
  }

  private String get(String url) throws IOException {
    HttpResponse response = client.execute(new HttpGet(url));
    return EntityUtils.toString(response.getEntity());
  }

  private String ofService() {
    return "http://localhost:" + service.port() + "/";
  }

  private String ofOutside() {
    return "http://127.0.0.1:" + outside.port() + "/";
  }

  @Test
  void hostOfTheMeshIsRefused() {
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> get(ofService()))
          .isExactlyInstanceOf(IOException.class)
          .hasMessageContaining("localhost:" + service.port())
          .hasMessageContaining("not supported yet by Weft");
    }
    assertThat(service.connections()).isZero();
  }

  @Test
  void redirectIntoTheMeshIsRefused() throws IOException {
    outside.answering(r -> Reply.of(302, "").with("Location", ofService()));
    assertThatThrownBy(() -> get(ofOutside())).hasMessageContaining("not supported yet by Weft");
    assertThat(outside.requests()).hasSize(1);
    assertThat(service.connections()).isZero();
    outside.answering(r -> Reply.of(200, "again"));
    assertThat(get(ofOutside())).isEqualTo("again");
  }

  @Test
  void connectionFromBeforeTheHostBelongedToTheMeshIsNotUsed() throws IOException {
    mesh.clear().apply();
    assertThat(get(ofService())).isEqualTo("hello");
    mesh.service("localhost", service).apply();
    assertThatThrownBy(() -> get(ofService())).hasMessageContaining("not supported yet by Weft");
    assertThat(service.requests()).hasSize(1);
  }

  @Test
  void hostOutsideTheMeshIsUntouched() throws IOException {
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(outside.connections()).isEqualTo(1);
    assertThat(outside.last().header("traceparent")).isNull();
  }
}
