package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.snapshot.ClientTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** TLS that somebody else makes, as a driver does, with what we give it. */
@Timeout(30)
class NativeTlsTest {
  private static final String SHOP = "spiffe://cluster.local/ns/default/sa/shop";
  private static final String DB = "spiffe://cluster.local/ns/default/sa/db";

  private final TestAuthority root = TestAuthority.root("root");
  private final TestAuthority issuer = root.intermediate("issuer");
  private final TransportSecurity shop = TransportSecurity.of(Clock.systemUTC());
  private final TransportSecurity database = TransportSecurity.of(Clock.systemUTC());
  private SSLServerSocket listener;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    update(shop, SHOP);
    update(database, DB);
    listener =
        (SSLServerSocket)
            database
                .required()
                .server()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
    listener.setNeedClientAuth(true);
    Thread accepting = new Thread(this::accept);
    accepting.setDaemon(true);
    accepting.start();
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  private void update(TransportSecurity security, String spiffeId, String... withdrawn)
      throws GeneralSecurityException {
    security.update(
        issuer.issue(spiffeId),
        "cluster.local",
        Collections.singletonList(root.certificate),
        new HashSet<>(Arrays.asList(withdrawn)));
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        int first = client.getInputStream().read();
        client.getOutputStream().write(first + 1);
      }
    } catch (IOException closed) {
      // With the test, or by a client that does not trust it, which is the last of its test.
      return;
    }
  }

  private NativeTls tls(String expected) throws SSLException {
    return shop.nativeTls(ClientTls.of("db", expected, shop.generation()));
  }

  private SSLSocket connect(NativeTls tls) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            tls.context()
                .getSocketFactory()
                .createSocket(InetAddress.getByName("127.0.0.1"), listener.getLocalPort());
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  @Test
  void isSecuredByAHandshakeUntilItEnds() throws IOException {
    NativeTls tls = tls(DB);
    assertThat(tls.begin()).isFalse();
    try (SSLSocket socket = connect(tls)) {
      socket.getOutputStream().write(41);
      assertThat(socket.getInputStream().read()).isEqualTo(42);
      assertThat(tls.begin()).isTrue();
      assertThat(shop.connections().size()).isEqualTo(1);
    }
    tls.end();
    assertThat(shop.connections().size()).isZero();
  }

  @Test
  void aServerOfAnotherIdentityIsRefused() throws IOException {
    NativeTls tls = tls(SHOP);
    assertThatThrownBy(() -> connect(tls)).isInstanceOf(SSLException.class);
    assertThat(tls.begin()).isFalse();
  }

  @Test
  void noSessionIsSharedBetweenConnections() throws IOException {
    assertThat(tls(DB).context()).isNotSameAs(tls(DB).context());
  }

  @Test
  void anOpenConnectionIsClosedWhenTheServerIsWithdrawn() throws Exception {
    NativeTls tls = tls(DB);
    try (SSLSocket socket = connect(tls)) {
      assertThat(tls.begin()).isTrue();
      update(shop, SHOP, DB);
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void aServerThatWasWithdrawnSinceTheHandshakeIsClosedAtOnce() throws Exception {
    NativeTls tls = tls(DB);
    try (SSLSocket socket = connect(tls)) {
      update(shop, SHOP, DB);
      tls.begin();
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void withoutAnIdentityThereIsNone() {
    TransportSecurity nobody = TransportSecurity.of(Clock.systemUTC());
    assertThatThrownBy(() -> nobody.nativeTls(ClientTls.of("db", DB, 0)))
        .isInstanceOf(IdentityRefusedException.class);
  }
}
