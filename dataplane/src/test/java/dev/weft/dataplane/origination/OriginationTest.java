package dev.weft.dataplane.origination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.identity.Pem;
import dev.weft.dataplane.identity.Svid;
import dev.weft.dataplane.identity.TestAuthority;
import dev.weft.dataplane.snapshot.CompiledSnapshot;
import dev.weft.policy.snapshot.TlsOrigination;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with servers outside the mesh, over real connections, without an identity of our own. */
class OriginationTest {
  @TempDir Path folder;
  private OutsideMesh mesh;
  private OutsideServer server;

  @BeforeEach
  void start() throws Exception {
    mesh = new OutsideMesh(folder);
    server = OutsideServer.showing(mesh.issue(OutsideMesh.HOST));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private void replaceServer(OutsideServer by) throws Exception {
    server.close();
    server = by;
  }

  private TlsOrigination.Builder trusting() throws Exception {
    return TlsOrigination.builder().caCertificates(mesh.authorities(mesh.authority.certificate));
  }

  private void assertRefused(String... reason) {
    assertThatThrownBy(() -> mesh.ask(41))
        .isInstanceOf(SSLException.class)
        .satisfies(failure -> assertThat(failure.getMessage()).contains(reason));
    assertThat(server.received).hasValue(0);
  }

  @Test
  void theServerIsCheckedAndHearsItsName() throws Exception {
    mesh.simple(server, trusting());
    assertThat(mesh.ask(41)).isEqualTo(42);
    assertThat(mesh.ask(6)).isEqualTo(7);
    assertThat(server.clients).containsOnly("[api.example.com] nobody");
    assertThat(mesh.opened).containsExactly("OK", "TLS", "OK", "TLS");
    assertThat(mesh.dataPlane.transport().connections().size()).isZero();
  }

  @Test
  void anotherNameIsRefused() throws Exception {
    replaceServer(OutsideServer.showing(mesh.issue("www.example.com", "example.com")));
    mesh.simple(server, trusting());
    assertRefused("www.example.com, example.com", "not for api.example.com");
    assertThat(mesh.opened).containsOnly("IDENTITY");
  }

  @Test
  void anotherAuthorityIsRefused() throws Exception {
    TlsOrigination.Builder others =
        TlsOrigination.builder()
            .caCertificates(mesh.authorities(TestAuthority.root("another").certificate));
    mesh.simple(server, others);
    assertRefused("does not hold before the authorities in", "ca.pem");
  }

  @Test
  void withoutAFileTheJvmDecides() throws Exception {
    mesh.simple(server, TlsOrigination.builder());
    assertRefused("the authorities that this JVM trusts");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    replaceServer(
        OutsideServer.showing(
            mesh.authority.issue(
                leaf -> {
                  leaf.dns = Collections.singletonList(OutsideMesh.HOST);
                  leaf.start = Instant.now().minus(Duration.ofDays(2));
                  leaf.end = Instant.now().minus(Duration.ofDays(1));
                })));
    mesh.simple(server, trusting());
    assertRefused("NotAfter");
  }

  @Test
  void namesOfThePolicyTakeThePlaceOfTheHost() throws Exception {
    replaceServer(OutsideServer.showing(mesh.issue("*.partner.com")));
    mesh.simple(server, trusting(), "other.org", "api.partner.com");
    assertThat(mesh.ask(41)).isEqualTo(42);
    mesh.simple(server, trusting(), "other.org");
    assertThatThrownBy(() -> mesh.ask(41)).hasMessageContaining("one of [other.org]");
  }

  @Test
  void theNameIndicatedIsTheNameChecked() throws Exception {
    replaceServer(OutsideServer.showing(mesh.issue("Front.Partner.com")));
    mesh.simple(server, trusting().sni("front.partner.com"));
    assertThat(mesh.ask(41)).isEqualTo(42);
    assertThat(server.clients).containsExactly("[front.partner.com] nobody");
  }

  @Test
  void aServerOfPlaintextHearsNothingOfTheApplication() throws Exception {
    try (ServerSocket plain = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      CompletableFuture<byte[]> heard = new CompletableFuture<>();
      Thread serving =
          new Thread(
              () -> {
                try (Socket socket = plain.accept()) {
                  byte[] bytes = new byte[1_000];
                  int count = socket.getInputStream().read(bytes);
                  heard.complete(Arrays.copyOf(bytes, count));
                  socket
                      .getOutputStream()
                      .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(UTF_8));
                } catch (IOException e) {
                  heard.completeExceptionally(e);
                }
              });
      serving.start();
      mesh.simple(plain.getLocalPort(), trusting());
      assertThatThrownBy(() -> mesh.connect()).isInstanceOf(SSLException.class);
      assertThat(heard.get(10, TimeUnit.SECONDS)).as("a handshake").startsWith(22, 3);
      serving.join(10_000);
    }
  }

  @Test
  void theApplicationsOwnTlsIsLeftAlone() throws Exception {
    mesh.simple(server, trusting());
    CompiledSnapshot snapshot = mesh.dataPlane.snapshots().current();
    assertThat(snapshot.find("http", OutsideMesh.HOST)).isNotNull();
    assertThat(snapshot.find("https", OutsideMesh.HOST)).isNull();
    assertThat(snapshot.find("https", OutsideMesh.HOST + ":80")).isNull();
  }

  @Test
  void insecureTakesAnyServer() throws Exception {
    replaceServer(OutsideServer.showing(TestAuthority.root("another").issue(leaf -> {})));
    mesh.simple(server, TlsOrigination.builder().insecureSkipVerify(true));
    assertThat(mesh.ask(41)).isEqualTo(42);
  }

  @Test
  void whatIsRevokedIsRefused() throws Exception {
    Svid shown = mesh.issue(OutsideMesh.HOST);
    server.show(shown);
    String lists = mesh.file("ca.crl", mesh.authority.revoking());
    mesh.simple(server, trusting().caCrl(lists));
    assertThat(mesh.ask(41)).isEqualTo(42);
    server.received.set(0);
    mesh.file("ca.crl", mesh.authority.revoking(shown.leaf()));
    mesh.look();
    assertRefused("revoked");
  }

  @Test
  void aListOfAnotherAuthorityVouchesForNobody() throws Exception {
    String lists = mesh.file("ca.crl", TestAuthority.root("another").revoking());
    mesh.simple(server, trusting().caCrl(lists));
    assertRefused("does not hold before");
  }

  @Test
  void filesThatCannotBeUsedRefuseCallsAndAreNamed() throws Exception {
    String missing = folder.resolve("missing.pem").toString();
    mesh.simple(server, TlsOrigination.builder().caCertificates(missing));
    assertRefused("api.example.com", "SIMPLE", "caCertificates " + missing + " does not exist");

    String garbage = mesh.file("garbage.pem", "-----BEGIN CERTIFICATE-----\nMIIB");
    mesh.simple(server, TlsOrigination.builder().caCertificates(garbage));
    assertRefused("caCertificates " + garbage, "damaged");

    mesh.simple(server, TlsOrigination.builder().caCertificates(folder.toString()));
    assertRefused(folder + " is no regular file");

    byte[] large = new byte[PemFile.LARGEST + 1];
    Files.write(folder.resolve("large.pem"), large);
    mesh.simple(
        server, TlsOrigination.builder().caCertificates(folder.resolve("large.pem").toString()));
    assertRefused("larger than 1 MiB");

    mesh.simple(server, trusting().caCrl(mesh.file("no.crl", "nothing")));
    assertRefused("caCrl", "no.crl");

    Svid own = mesh.issue("client");
    mesh.mutual(server, trusting().clientCertificate(mesh.certificate(own)));
    assertRefused("MUTUAL needs clientCertificate and privateKey");

    mesh.mutual(server, mutual(own).privateKey(mesh.key(mesh.issue("client"))));
    assertRefused("privateKey", "client.key does not hold the key of clientCertificate");
    assertThat(server.clients).isEmpty();
    assertThat(mesh.log)
        .hasSize(7)
        .allMatch(line -> line.endsWith("calls that need it are refused"));
  }

  private TlsOrigination.Builder mutual(Svid own) throws Exception {
    return trusting().clientCertificate(mesh.certificate(own)).privateKey(mesh.key(own));
  }

  private static String serial(Svid of) {
    return of.leaf().getSerialNumber().toString(16);
  }

  @Test
  void mutualShowsTheCertificateOfTheFile() throws Exception {
    replaceServer(OutsideServer.demanding(mesh.issue(OutsideMesh.HOST)));
    Svid own = mesh.issue("client");
    mesh.mutual(server, mutual(own));
    assertThat(mesh.ask(41)).isEqualTo(42);
    assertThat(server.clients).containsExactly("[api.example.com] " + serial(own));
    mesh.simple(server, trusting());
    // Under TLS 1.3 the server refuses after our handshake: by an alert, or a reset before it.
    assertThatThrownBy(() -> mesh.ask(41)).as("it shows none").isInstanceOf(IOException.class);
    assertThat(server.clients).hasSize(1);
  }

  @Test
  void changedFilesCountFromTheNextConnectionOn() throws Exception {
    replaceServer(OutsideServer.demanding(mesh.issue(OutsideMesh.HOST)));
    Svid first = mesh.issue("client");
    Svid second = mesh.issue("client");
    mesh.mutual(server, mutual(first));
    mesh.ask(1);
    mesh.key(second);
    mesh.look();
    assertThat(mesh.log).singleElement().asString().contains("what was read before stays in force");
    mesh.ask(1);
    mesh.certificate(second);
    mesh.look();
    mesh.ask(1);
    assertThat(server.clients)
        .containsExactly(
            "[api.example.com] " + serial(first),
            "[api.example.com] " + serial(first),
            "[api.example.com] " + serial(second));
  }

  @Test
  void aFileHalfWrittenOrGoneLeavesWhatWasRead() throws Exception {
    mesh.simple(server, trusting());
    mesh.file("ca.pem", "-----BEGIN CERTIFICATE-----\nMIIB");
    mesh.look();
    assertThat(mesh.ask(41)).isEqualTo(42);
    Files.delete(Paths.get(folder.toString(), "ca.pem"));
    mesh.look();
    mesh.look();
    assertThat(mesh.ask(41)).isEqualTo(42);
    assertThat(mesh.log).as("once for each").hasSize(2);

    TestAuthority next = TestAuthority.root("next");
    server.show(next.issue(leaf -> leaf.dns = Collections.singletonList(OutsideMesh.HOST)));
    mesh.authorities(next.certificate);
    mesh.look();
    assertThat(mesh.ask(41)).isEqualTo(42);
  }

  @Test
  void noResumedSessionOutlivesItsAuthority() throws Exception {
    mesh.simple(server, trusting());
    mesh.ask(1);
    mesh.ask(1);
    server.received.set(0);
    mesh.authorities(TestAuthority.root("another").certificate);
    mesh.look();
    assertRefused("does not hold before");
  }

  @Test
  void aMissingFileIsTakenOnceItIsThere() throws Exception {
    String path = folder.resolve("ca.pem").toString();
    mesh.simple(server, TlsOrigination.builder().caCertificates(path));
    assertRefused("does not exist");
    mesh.authorities(mesh.authority.certificate);
    mesh.look();
    assertThat(mesh.ask(41)).isEqualTo(42);
  }

  @Test
  void keysStayOutOfText() throws Exception {
    Svid own = mesh.issue("client");
    mesh.mutual(server, mutual(own));
    String key = Pem.write("PRIVATE KEY", own.key().getEncoded());
    mesh.file("client.key", key.substring(0, key.length() / 2));
    mesh.look();
    Map<String, Object> question = new HashMap<>();
    question.put("side", "outbound");
    question.put("method", "GET");
    question.put("scheme", "http");
    question.put("authority", OutsideMesh.HOST);
    question.put("path", "/");
    String explained = mesh.dataPlane.explain(question).toString();
    assertThat(explained)
        .contains("TLS (api.example.com), whose certificate is for api.example.com")
        .contains("secure=false")
        .contains("shows", "client.pem", "valid until")
        .contains("privateKey", "holds no EC or RSA key in PEM, or a damaged one");
    String secret = key.split("\n")[1].substring(0, 20);
    assertThat(Arrays.asList(explained, mesh.log.toString())).noneMatch(t -> t.contains(secret));
  }
}
