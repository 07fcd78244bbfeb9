package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.inbound.ConnectionPolicy;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.MtlsMode;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.StringMatch;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 on a plaintext port that the application configured for {@code h2c}. */
public abstract class InboundHttp2 extends AttachedServer {
  private int before;

  /** Parts of what the application says of a request over mTLS, as it says of one without. */
  protected abstract String[] echoed();

  @BeforeEach
  void permissive() {
    rig().mesh().mode(MtlsMode.PERMISSIVE);
    rig().mesh().forgetConcluded();
    before = rig().server().reached();
  }

  @Test
  void peersOfTheMeshSpeakHttp2() throws IOException {
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      Http2Peer peer = Http2Peer.open(socket);
      for (int i = 0; i < 3; i++) {
        assertThat(peer.get("/app/echo", "orders:8080")).isEqualTo(Http2Peer.OK);
      }
      assertThat(peer.lastBody()).contains(echoed());
    }
    String concluded = "GET /app/echo " + TestMesh.READER + " 200";
    rig().mesh().awaitConcluded(concluded, concluded, concluded);
    assertThat(rig().mesh().protocols()).containsExactly("2", "2", "2");
    assertThat(rig().server().reached()).isEqualTo(before + 3);
  }

  /** Whether a connection whose age is over when it is made ends after its first request. */
  protected final boolean oldConnectionEnds() throws IOException {
    rig().mesh().connectionAge(0);
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      Http2Peer peer = Http2Peer.open(socket);
      assertThat(peer.get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
      socket.setSoTimeout(5_000);
      return peer.isEnded();
    } finally {
      rig().mesh().connectionAge(ConnectionPolicy.MAX_AGE_NANOS);
    }
  }

  @Test
  void peersThatKnowOnlyHttp1AreServed() throws IOException {
    try (RawConnection http1 = rig().meshed()) {
      http1.send("GET /app/status/200 HTTP/1.1\r\nHost: orders\r\n\r\n");
      assertThat(http1.read().status()).isEqualTo(200);
    }
  }

  @Test
  void deniedRequestsDoNotReachTheApplication() throws IOException {
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      Http2Peer peer = Http2Peer.open(socket);
      assertThat(peer.get("/app/denied", "orders")).isNotEqualTo(Http2Peer.OK);
      assertThat(peer.lastBody()).isEqualTo("RBAC: access denied");
      assertThat(rig().server().reached()).isEqualTo(before);
      assertThat(peer.get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
    }
  }

  @Test
  void hostsAreJudgedThoughThereIsNoHostHeader() throws IOException {
    rig().mesh().denyHost("forbidden.shop");
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      Http2Peer peer = Http2Peer.open(socket);
      assertThat(peer.get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
      assertThat(peer.get("/app/echo", "forbidden.shop")).isNotEqualTo(Http2Peer.OK);
      assertThat(peer.get("/app/echo", "FORBIDDEN.shop:8443")).isNotEqualTo(Http2Peer.OK);
    }
    assertThat(rig().server().reached()).isEqualTo(before + 1);
  }

  @Test
  void theAddressThatAnswersIsKnown() throws IOException {
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      Http2Peer peer = Http2Peer.open(socket);
      rig().mesh().authorize(answeringAt("127.0.0.0/8"));
      assertThat(peer.get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
      rig().mesh().authorize(answeringAt("10.0.0.0/8"));
      assertThat(peer.get("/app/echo", "orders")).isNotEqualTo(Http2Peer.OK);
    }
    assertThat(rig().server().reached()).isEqualTo(before + 1);
  }

  private static AuthorizationPolicy answeringAt(String block) {
    Condition at = Condition.builder().key("destination.ip").values(List.of(block)).build();
    return AuthorizationPolicy.builder()
        .name("at")
        .namespace("default")
        .rules(List.of(Rule.builder().when(List.of(at)).build()))
        .build();
  }

  @Test
  void theConnectionOfAWithdrawnPeerEnds() throws IOException {
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      Http2Peer peer = Http2Peer.open(socket);
      assertThat(peer.get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
      rig().mesh().withdrawReader();
      socket.setSoTimeout(5000);
      assertThat(peer.isEnded()).isTrue();
      assertThatThrownBy(
              () -> {
                try (Socket again = meshed("h2", TestMesh.ALPN)) {
                  Http2Peer.open(again).get("/app/echo", "orders");
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(rig().server().reached()).isEqualTo(before + 1);
    } finally {
      rig().mesh().join();
    }
    Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
  }

  @Test
  void plaintextClientsUpgradeAsBefore() throws Exception {
    HttpResponse<String> answer = upgrade();
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
    try (RawConnection plaintext = rig().plaintext()) {
      Http2Peer peer = Http2Peer.open(plaintext.socket());
      assertThat(peer.get("/app/echo", "orders")).as("prior knowledge").isEqualTo(Http2Peer.OK);
      assertThat(peer.get("/app/denied", "orders")).isNotEqualTo(Http2Peer.OK);
    }
    assertThat(rig().server().reached()).isEqualTo(before + 2);
  }

  @Test
  void strictRefusesPlaintextHttp2() throws IOException {
    rig().mesh().mode(MtlsMode.STRICT);
    assertThatThrownBy(this::upgrade).isInstanceOf(IOException.class);
    try (RawConnection plaintext = rig().plaintext()) {
      plaintext.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
      assertThat(plaintext.isEnded()).isTrue();
    }
    try (Socket socket = meshed("h2", TestMesh.ALPN)) {
      assertThat(Http2Peer.open(socket).get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
    }
    assertThat(rig().server().reached()).isEqualTo(before + 1);
  }

  @Test
  void strictRefusesRequestsOnPlaintextHttp2ThatWasThereBefore() throws IOException {
    try (RawConnection plaintext = rig().plaintext()) {
      Http2Peer peer = Http2Peer.open(plaintext.socket());
      assertThat(peer.get("/app/echo", "orders")).isEqualTo(Http2Peer.OK);
      rig().mesh().mode(MtlsMode.STRICT);
      assertThat(peer.get("/app/echo", "orders")).isNotEqualTo(Http2Peer.OK);
    }
    assertThat(rig().server().reached()).isEqualTo(before + 1);
  }

  @Test
  void strangersAreRefused() {
    assertThatThrownBy(
            () -> {
              try (RawConnection stranger =
                  RawConnection.tls(rig().server().port(), rig().mesh().anonymous(), "h2")) {
                Http2Peer.open(stranger.socket()).get("/app/echo", "orders");
              }
            })
        .isInstanceOf(IOException.class);
    assertThat(rig().server().reached()).isEqualTo(before);
  }

  @Test
  void answersSayOnceWhoOfOtherOriginsMayReadThem() throws Exception {
    String origin = "https://shop.example";
    rig()
        .mesh()
        .share(CorsPolicy.builder().allowOrigins(List.of(StringMatch.exact(origin))).build());
    URI uri = URI.create("http://127.0.0.1:" + rig().server().port() + "/app/cors");
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    HttpRequest other = HttpRequest.newBuilder(uri).header("Origin", origin).build();
    HttpClient client = HttpClient.newHttpClient();
    for (HttpRequest each : List.of(other, request, other)) {
      HttpResponse<String> answer = client.send(each, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
      List<String> allowed = answer.headers().allValues("access-control-allow-origin");
      if (each.headers().firstValue("Origin").isPresent()) {
        assertThat(allowed).containsExactly(origin);
      } else {
        assertThat(allowed).isNotEmpty().doesNotContain(origin);
      }
    }
  }

  @Test
  void anAuthorizerIsShownBodiesAndTheApplicationReadsAllOfThem() throws IOException {
    byte[] piece = "0123456789".repeat(500).getBytes(StandardCharsets.US_ASCII);
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        Socket socket = meshed("h2", TestMesh.ALPN)) {
      rig().mesh().authorizer(authorizer.port(), 5_001, true);
      Http2Peer peer = Http2Peer.open(socket);
      for (byte[][] body : new byte[][][] {{}, {{'a'}}, {piece}, {piece, piece, piece}}) {
        assertThat(peer.post("/app/upload", "orders", body)).isEqualTo(Http2Peer.OK);
        assertThat(peer.lastBody())
            .startsWith(Arrays.stream(body).mapToInt(each -> each.length).sum() + " ");
      }
      assertThat(authorizer.shown())
          .extracting(shown -> shown.body().length() + " " + shown.partial())
          .containsExactly("0 false", "1 false", "5000 false", "5001 true");
      rig().mesh().authorizer(authorizer.port(), 4_999, false);
      assertThat(peer.post("/app/upload", "orders", piece)).isNotEqualTo(Http2Peer.OK);
      assertThat(rig().server().reached()).isEqualTo(before + 4);
      assertThat(peer.get("/app/status/200", "orders")).isEqualTo(Http2Peer.OK);
    }
  }

  private HttpResponse<String> upgrade() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + rig().server().port() + "/app/echo");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private Socket meshed(String... alpn) throws IOException {
    RawConnection connection =
        RawConnection.tls(rig().server().port(), rig().mesh().client("reader"), alpn);
    SSLSocket socket = (SSLSocket) connection.socket();
    if (!alpn[0].equals(socket.getApplicationProtocol())) {
      throw new SSLException("negotiated " + socket.getApplicationProtocol());
    }
    return socket;
  }
}
