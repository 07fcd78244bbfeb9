package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TransportSecurityTest {
  private static final String SHOP = "spiffe://cluster.local/ns/default/sa/shop";
  private static final String ORDERS = "spiffe://cluster.local/ns/default/sa/orders";

  private final TestAuthority root = TestAuthority.root("root");
  private final TestAuthority issuer = root.intermediate("issuer");
  private final TransportSecurity shop = TransportSecurity.of(Clock.systemUTC());
  private final TransportSecurity orders = TransportSecurity.of(Clock.systemUTC());
  private Peer peer;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    update(shop, issuer.issue(SHOP));
    update(orders, issuer.issue(ORDERS));
    peer = new Peer(orders);
  }

  @AfterEach
  void stop() throws IOException {
    peer.server.close();
  }

  private int update(TransportSecurity security, Svid svid, String... withdrawn)
      throws GeneralSecurityException {
    return security.update(
        svid,
        "cluster.local",
        Collections.singletonList(root.certificate),
        new java.util.HashSet<>(java.util.Arrays.asList(withdrawn)));
  }

  private Socket connect(String expected) throws IOException {
    return shop.connect(
        "127.0.0.1",
        peer.server.getLocalPort(),
        ClientTls.of("orders.default.svc.cluster.local", expected, shop.generation()),
        2000);
  }

  private static int ask(Socket socket) throws IOException {
    socket.setSoTimeout(5000);
    socket.getOutputStream().write(41);
    return socket.getInputStream().read();
  }

  @Test
  void bothSidesKnowWhoTheOtherIs() throws IOException {
    try (Socket socket = connect(ORDERS)) {
      assertThat(socket).isNotInstanceOf(SSLSocket.class);
      assertThat(ask(socket)).isEqualTo(42);
      assertThat(ask(socket)).isEqualTo(42);
      assertThat(socket.toString()).contains(ORDERS);
    }
    assertThat(peer.served).containsExactly(SHOP);
    assertThat(shop.connections().size()).isZero();
  }

  @Test
  void aServerWithAnotherIdentityIsRefused() {
    assertThatThrownBy(() -> connect("spiffe://cluster.local/ns/default/sa/billing"))
        .isInstanceOf(IdentityRefusedException.class)
        .hasMessageContaining("billing");
    assertThat(peer.served).isEmpty();
  }

  @Test
  void aResumedSessionIndicatesNoOtherName() throws IOException {
    String[] names = {"orders.shop", "orders.shop", "front.shop", "orders.shop"};
    for (String name : names) {
      ClientTls tls = ClientTls.of(name, ORDERS, shop.generation());
      try (Socket socket = shop.connect("127.0.0.1", peer.server.getLocalPort(), tls, 2000)) {
        assertThat(ask(socket)).isEqualTo(42);
      }
    }
    assertThat(peer.resumed.get()).isPositive();
    assertThat(peer.names).hasSize(4);
    for (int i = 0; i < names.length; i++) {
      assertThat(peer.names.get(i)).contains("value=" + names[i]);
    }
  }

  @Test
  void withoutIdentityNothingIsSent() {
    TransportSecurity nobody = TransportSecurity.of(Clock.systemUTC());
    ClientTls tls = ClientTls.of("orders", null, 0);
    assertThatThrownBy(() -> nobody.connect("127.0.0.1", peer.server.getLocalPort(), tls, 2000))
        .isInstanceOf(IdentityRefusedException.class);
    assertThatThrownBy(() -> nobody.server().newEngine(false)).isInstanceOf(SSLException.class);
  }

  @Test
  void liveConnectionsOutliveARotation() throws Exception {
    try (Socket socket = connect(ORDERS)) {
      ask(socket);
      assertThat(update(orders, issuer.issue(ORDERS))).isZero();
      assertThat(update(shop, issuer.issue(SHOP))).isZero();
      assertThat(ask(socket)).isEqualTo(42);
    }
  }

  @Test
  void aWithdrawnClientIsRefusedThoughItsSessionCouldBeResumed() throws Exception {
    for (int i = 0; i < 3; i++) {
      try (Socket socket = connect(ORDERS)) {
        assertThat(ask(socket)).isEqualTo(42);
      }
    }
    assertThat(peer.resumed.get()).as("resumption works within a generation").isPositive();
    Socket live = connect(ORDERS);
    ask(live);
    int served = peer.served.size();
    assertThat(update(orders, issuer.issue(ORDERS), SHOP)).isEqualTo(1);
    assertThatThrownBy(() -> askTwice(live)).isInstanceOf(IOException.class);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> {
                try (Socket socket = connect(ORDERS)) {
                  if (ask(socket) < 0) {
                    throw new IOException("closed");
                  }
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(peer.served).hasSize(served);
  }

  /** The first write after the peer closed may still go out. */
  private static void askTwice(Socket socket) throws IOException {
    if (ask(socket) < 0 || ask(socket) < 0) {
      throw new IOException("closed");
    }
  }

  @Test
  void aWithdrawnServerIsLeftAtOnce() throws Exception {
    Socket live = connect(ORDERS);
    ask(live);
    assertThat(update(shop, issuer.issue(SHOP), ORDERS)).isEqualTo(1);
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(live::isClosed);
    assertThatThrownBy(() -> connect(ORDERS)).isInstanceOf(IOException.class);
  }

  @Test
  void aConnectionMayOutliveItsCertificateButNotItsTrust() throws Exception {
    Instant start = Instant.now();
    AtomicReference<Instant> now = new AtomicReference<>(start);
    TransportSecurity later = TransportSecurity.of(new SettableClock(now));
    update(later, issuer.issue(SHOP));
    ClientTls tls = ClientTls.of("orders", ORDERS, later.generation());
    Socket live = later.connect("127.0.0.1", peer.server.getLocalPort(), tls, 2000);
    assertThat(ask(live)).isEqualTo(42);
    now.set(start.plus(Duration.ofHours(2)));
    TestAuthority second = TestAuthority.root("second");
    Svid renewed = issuer.issue(SHOP);
    List<X509Certificate> both = Arrays.asList(root.certificate, second.certificate);
    assertThat(later.update(renewed, "cluster.local", both, Collections.emptySet())).isZero();
    assertThat(ask(live)).as("its certificate expired, its issuer is trusted").isEqualTo(42);
    List<X509Certificate> other = Collections.singletonList(second.certificate);
    assertThat(later.update(renewed, "cluster.local", other, Collections.emptySet())).isEqualTo(1);
    assertThat(live.isClosed()).isTrue();
  }

  @Test
  void anAlertBeforeAnyAnswerIsARefusalAndLaterIsNot() throws IOException {
    InputStream failing =
        new InputStream() {
          private int left = 2;

          @Override
          public int read() throws IOException {
            throw new SSLHandshakeException("Received fatal alert: certificate_unknown");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return left-- == 1 ? 1 : read();
          }
        };
    LayeredInput in =
        new LayeredInput(
            failing, new LayeredOutput(new ByteArrayOutputStream(), true), ORDERS, () -> {});
    assertThatThrownBy(in::read)
        .isInstanceOf(IdentityRefusedException.class)
        .hasMessageContaining(ORDERS);
    assertThat(in.read()).isZero();
    assertThatThrownBy(in::read)
        .isInstanceOf(SSLHandshakeException.class)
        .isNotInstanceOf(IdentityRefusedException.class);
  }

  @Test
  void aServerThatTrustsAnotherRootServesNothing() throws Exception {
    TestAuthority other = TestAuthority.root("other");
    List<X509Certificate> roots = Collections.singletonList(other.certificate);
    orders.update(issuer.issue(ORDERS), "cluster.local", roots, Collections.emptySet());
    assertThatThrownBy(
            () -> {
              try (Socket socket = connect(ORDERS)) {
                socket.getInputStream().read();
              }
            })
        .as("its alert, or the reset that may overtake it")
        .isInstanceOfAny(IdentityRefusedException.class, SocketException.class);
    assertThat(peer.served).isEmpty();
  }

  @Test
  void aPeerThatSaysNothingTimesOut() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Socket plain = new Socket(silent.getInetAddress(), silent.getLocalPort())) {
      plain.setSoTimeout(100);
      ClientTls tls = ClientTls.of("orders", ORDERS, 1);
      assertThatThrownBy(() -> shop.layer(plain, "127.0.0.1", silent.getLocalPort(), tls))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(plain.isClosed()).isTrue();
    }
  }

  @Test
  void keepsTheSocketsOwnSemantics() throws Exception {
    try (Socket socket = connect(ORDERS)) {
      assertThat(socket.getSoTimeout()).isZero();
      assertThat(ask(socket)).isEqualTo(42);
      socket.setSoTimeout(50);
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(ask(socket)).as("a read that timed out costs nothing else").isEqualTo(42);
      assertThat(socket.getPort()).isEqualTo(peer.server.getLocalPort());
      assertThat(socket.isConnected() && socket.isBound() && !socket.isClosed()).isTrue();
      socket.shutdownOutput();
      assertThat(socket.getInputStream().read()).as("half closed, the peer ends").isEqualTo(-1);
    }
    Socket closed = connect(ORDERS);
    closed.close();
    closed.close();
    assertThat(closed.isClosed()).isTrue();
    assertThatThrownBy(closed::getInputStream).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> closed.getOutputStream()).isInstanceOf(SocketException.class);
  }

  @Test
  void aForgottenConnectionIsNotKept() throws Exception {
    ask(connect(ORDERS));
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              System.gc();
              try (Socket another = connect(ORDERS)) {
                return another.isConnected() && shop.connections().size() == 1;
              }
            });
  }

  @Test
  void enginesAgreeOnAProtocolAndOnWhoTheyAre() throws Exception {
    SSLEngine client = shop.clientEngine("127.0.0.1", 1, tls(), Alpn.HTTP_2, Alpn.WEFT_HTTP_1);
    SSLEngine server = orders.server().newEngine(true);
    Engines.handshake(client, server);
    assertThat(Alpn.negotiated(server)).isEqualTo("h2");
    assertThat(orders.server().verify(server).spiffeId()).isEqualTo(SHOP);
    assertThat(orders.server().serverName(server)).isEqualTo("orders.default.svc.cluster.local");
    Runnable open = () -> {};
    Runnable forget = shop.judge(client.getSession(), tls(), open);
    assertThat(shop.connections().size()).isEqualTo(1);
    forget.run();
    ClientTls another = ClientTls.of("orders", SHOP, shop.generation());
    assertThatThrownBy(() -> shop.judge(client.getSession(), another, open))
        .isInstanceOf(IdentityRefusedException.class);

    SSLEngine second = shop.clientEngine("127.0.0.1", 1, tls(), Alpn.HTTP_2, Alpn.WEFT_HTTP_1);
    server = orders.server().newEngine(false);
    Engines.handshake(second, server);
    assertThat(Alpn.negotiated(server)).isEqualTo("weft-http/1.1");
    assertThat(second.getSession().getProtocol()).isEqualTo("TLSv1.3");
  }

  @Test
  void aClientThatIsNotOfTheMeshIsRefused() throws Exception {
    SSLEngine silent = shop.clientEngine("127.0.0.1", 1, tls());
    SSLEngine server = orders.server().newEngine(true);
    Engines.handshake(silent, server);
    assertThatThrownBy(() -> orders.server().verify(server))
        .isInstanceOf(IdentityRefusedException.class)
        .hasMessageContaining("ALPN");
    SSLEngine browser = shop.clientEngine("127.0.0.1", 1, tls(), "http/1.1");
    assertThatThrownBy(() -> Engines.handshake(browser, orders.server().newEngine(true)))
        .isInstanceOf(SSLException.class);
  }

  @Test
  void weakProtocolsAndSuitesAreNotSpoken() throws Exception {
    SSLEngine server = orders.server().newEngine(true);
    assertThat(server.getEnabledProtocols()).containsExactlyInAnyOrder("TLSv1.3", "TLSv1.2");
    assertThat(server.getEnabledCipherSuites()).allMatch(suite -> suite.contains("_GCM_"));
    assertThat(server.getEnabledCipherSuites()).noneMatch(suite -> suite.contains("TLS_RSA"));
    SSLEngine old = shop.clientEngine("127.0.0.1", 1, tls(), Alpn.WEFT_HTTP_1);
    old.setEnabledProtocols(new String[] {"TLSv1.2"});
    Engines.handshake(old, server);
    assertThat(orders.server().verify(server).spiffeId()).isEqualTo(SHOP);
  }

  private ClientTls tls() {
    return ClientTls.of("orders.default.svc.cluster.local", ORDERS, shop.generation());
  }

  /** Serves one byte more than it was asked, to verified mesh clients only. */
  private static final class Peer {
    final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final List<String> served = new CopyOnWriteArrayList<>();
    final AtomicInteger resumed = new AtomicInteger();
    final List<String> names = new CopyOnWriteArrayList<>();
    private final TransportSecurity security;

    Peer(TransportSecurity security) throws IOException {
      this.security = security;
      daemon(
          () -> {
            while (!server.isClosed()) {
              try {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
              } catch (IOException e) {
                return;
              }
            }
          });
    }

    private void serve(Socket plain) {
      try (Socket closing = plain) {
        SSLSocket socket =
            (SSLSocket)
                security.required().server().getSocketFactory().createSocket(closing, null, false);
        socket.setUseClientMode(false);
        SSLParameters parameters = TlsParameters.of(socket.getSSLParameters());
        parameters.setNeedClientAuth(true);
        Alpn.offer(parameters, Alpn.WEFT_HTTP_1);
        socket.setSSLParameters(parameters);
        long before = System.currentTimeMillis();
        socket.startHandshake();
        PeerIdentity client = security.verify(security.required(), socket.getSession(), null);
        if (socket.getSession().getCreationTime() < before) {
          resumed.incrementAndGet();
        }
        Runnable forget = security.server().register(client, () -> closeQuietly(plain));
        names.add(((ExtendedSSLSession) socket.getSession()).getRequestedServerNames().toString());
        served.add(client.spiffeId());
        for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
          socket.getOutputStream().write(b + 1);
        }
        forget.run();
      } catch (IOException e) {
        // The client sees its connection closed, which is what the tests look at.
      }
    }

    private static void closeQuietly(Socket socket) {
      try {
        socket.close();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    private static void daemon(Runnable task) {
      Thread thread = new Thread(task);
      thread.setDaemon(true);
      thread.start();
    }
  }
}
