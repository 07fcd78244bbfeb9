package dev.weft.instrumentation.apachehttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.TestMesh;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.util.EntityUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The deprecated clients with the connection manager they have by default, which keeps one
 * connection. The service is named as the loopback address is, so that DNS would find an instance.
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
    service = TestInstance.secured("localhost", mesh.authority().serverContext("localhost"));
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
  void hostOfTheMeshIsSecured() throws IOException {
    for (int i = 0; i < 3; i++) {
      assertThat(get(ofService())).isEqualTo("hello");
    }
    assertThat(service.last().peer()).isEqualTo("CN=caller");
    assertThat(service.last().values("Host")).containsExactly("localhost:" + service.port());
    assertThat(service.handshakes()).isEqualTo(service.connections());
  }

  @Test
  void answersWithoutBodyGiveTheirConnectionBack() throws IOException {
    for (int status : new int[] {204, 304, 200}) {
      service.answering(r -> Reply.of(status, ""));
      HttpResponse response = client.execute(new HttpGet(ofService()));
      assertThat(response.getStatusLine().getStatusCode()).isEqualTo(status);
      EntityUtils.consume(response.getEntity());
    }
    // The manager has one connection to give, and refuses the next call while that is out.
    assertThat(service.requests()).hasSize(3);
  }

  @Test
  void redirectIntoTheMeshAndOutOfItIsFollowed() throws IOException {
    outside.answering(r -> Reply.of(302, "").with("Location", ofService()));
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(service.last().peer()).isEqualTo("CN=caller");
    outside.answering(r -> Reply.of(200, "outside"));
    service.answering(r -> Reply.of(302, "").with("Location", ofOutside()));
    assertThat(get(ofService())).isEqualTo("outside");
    assertThat(outside.last().header("traceparent")).isNull();
  }

  @Test
  void redirectWithinTheServiceIsFollowed() throws IOException {
    service.answering(
        r ->
            r.target().equals("/next")
                ? Reply.of(200, "next")
                : Reply.of(302, "").with("Location", "/next"));
    assertThat(get(ofService())).isEqualTo("next");
    assertThat(service.connections()).isEqualTo(1);
  }

  @Test
  void connectionFromBeforeTheHostBelongedToTheMeshIsNotUsed() throws IOException {
    try (TestInstance plain = TestInstance.plain("plain")) {
      String url = "http://localhost:" + plain.port() + "/";
      mesh.clear().apply();
      assertThat(get(url)).isEqualTo("hello");
      mesh.service("localhost", service).apply();
      assertThat(get(url)).isEqualTo("hello");
      assertThat(plain.requests()).hasSize(1);
      assertThat(service.last().peer()).isEqualTo("CN=caller");
    }
  }

  @Test
  void abortOfTheApplicationEndsTheCall() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    service.answering(
        r -> {
          asked.countDown();
          try {
            answer.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return Reply.of(200, "late");
        });
    HttpGet request = new HttpGet(ofService());
    Thread abort =
        new Thread(
            () -> {
              try {
                asked.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              request.abort();
            });
    abort.start();
    assertThatThrownBy(() -> client.execute(request)).isInstanceOf(IOException.class);
    answer.countDown();
    abort.join();
    assertThat(service.requests().size()).isEqualTo(1);
    service.answering(r -> Reply.of(200, "again"));
    assertThat(get(ofService())).isEqualTo("again");
  }

  @Test
  void hostOutsideTheMeshIsUntouched() throws IOException {
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(get(ofOutside())).isEqualTo("hello");
    assertThat(outside.connections()).isEqualTo(1);
    assertThat(outside.last().header("traceparent")).isNull();
  }
}
