package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
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
  private final List<HandshakeResult> handshakes = new CopyOnWriteArrayList<>();
  private final AtomicInteger written = new AtomicInteger();
  private SSLServerSocket listener;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    shop.observe(
        new ConnectionObserver() {
          @Override
          public void handshake(Side side, HandshakeResult result) {
            handshakes.add(result);
          }
        });
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
      socket.setSoTimeout(100); // closing waits so long for the other end
    }
    assertThat(handshakes).containsExactly(HandshakeResult.OK);
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
  void aServerThatWasWithdrawnSinceTheHandshakeIsRefused() throws Exception {
    NativeTls tls = tls(DB);
    try (SSLSocket socket = connect(tls)) {
      update(shop, SHOP, DB);
      assertThat(tls.begin()).isFalse();
      assertThat(socket.isClosed()).isTrue();
      assertThat(shop.connections().size()).isZero();
    }
    assertThat(handshakes).containsExactly(HandshakeResult.IDENTITY);
  }

  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a lock hears no interrupt
  void aWriterWhoWaitsForTheServerKeepsNoConnectionOpen() throws Exception {
    NativeTls tls = tls(DB);
    try (SSLSocket socket = connect(tls)) {
      assertThat(tls.begin()).isTrue();
      FutureTask<Void> writer = new FutureTask<>(() -> write(socket));
      Thread writing = new Thread(writer);
      writing.setDaemon(true);
      writing.start();
      for (int before = -1; before != written.get(); ) {
        before = written.get();
        assertThatThrownBy(() -> writer.get(200, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
      }
      update(shop, SHOP, DB);
      assertThatThrownBy(() -> writer.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(IOException.class);
    }
  }

  /** Never ends by itself: the server reads one byte and answers. */
  private Void write(SSLSocket socket) throws IOException {
    byte[] block = new byte[65_536];
    while (true) {
      socket.getOutputStream().write(block);
      written.incrementAndGet();
    }
  }

  @Test
  void handshakesThatFailedAreCounted() throws IOException {
    NativeTls tls = tls(SHOP);
    Throwable refused = catchThrowable(() -> connect(tls));
    tls.failed(new SQLException("the driver's own", refused));
    tls.failed(new SQLException("wrong password"));
    assertThat(handshakes).containsExactly(HandshakeResult.IDENTITY);
  }

  @Test
  void withoutAnIdentityThereIsNone() {
    TransportSecurity nobody = TransportSecurity.of(Clock.systemUTC());
    assertThatThrownBy(() -> nobody.nativeTls(ClientTls.of("db", DB, 0)))
        .isInstanceOf(IdentityRefusedException.class);
  }
}
