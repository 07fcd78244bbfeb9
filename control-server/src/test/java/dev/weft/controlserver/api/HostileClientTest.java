package dev.weft.controlserver.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.controlserver.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that hold the server up, and clients that speak what it must not understand. */
class HostileClientTest {
  private static final ConnectionLimits LIMITS =
      new ConnectionLimits(
          Duration.ofMillis(800), Duration.ofSeconds(2), Duration.ofMillis(800), 60, 40);

  /** As {@link #LIMITS}, but nothing except the handshake's own limit ends a handshake. */
  private static final ConnectionLimits PATIENT =
      new ConnectionLimits(
          Duration.ofMillis(800), Duration.ofSeconds(60), Duration.ofSeconds(60), 60, 40);

  /** Nothing but the number of connections ends one. */
  private static final ConnectionLimits CROWDED =
      new ConnectionLimits(
          Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(60), 60, 20);

  /** What the slowest of the limits above leaves a client, and the same again for the machine. */
  private static final Duration BOUND = Duration.ofSeconds(6);

  @TempDir Path directory;
  private final List<Socket> open = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.start(directory, settings -> settings.withLimits(LIMITS));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : open) {
      socket.close();
    }
    server.close();
  }

  private Socket plain() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server().port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) BOUND.toMillis());
    open.add(socket);
    return socket;
  }

  private SSLSocket secured() throws IOException {
    SSLSocket socket =
        (SSLSocket)
            server
                .client(null, List.of())
                .sslContext()
                .getSocketFactory()
                .createSocket(plain(), "localhost", server.server().port(), true);
    socket.startHandshake();
    return socket;
  }

  /** The same, again where the limit of handshakes was too short for a busy machine. */
  private SSLSocket greeted() {
    SSLSocket[] made = new SSLSocket[1];
    await()
        .atMost(BOUND)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              made[0] = secured();
              return true;
            });
    return made[0];
  }

  /** Asked for again where the limits were too short for a busy machine. */
  private String token() {
    String[] made = new String[1];
    await().atMost(BOUND).untilAsserted(() -> made[0] = server.token("web", 1));
    return made[0];
  }

  /** Reads to the end; a reset is an end too. Fails when there is none within {@link #BOUND}. */
  private static byte[] rest(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
      }
    } catch (SocketException reset) {
      // Closed while bytes of ours were unread.
    } catch (javax.net.ssl.SSLException cut) {
      assertThat(cut).isNotInstanceOf(javax.net.ssl.SSLHandshakeException.class);
    }
    return all.toByteArray();
  }

  /** Sends a byte each 50 ms until the other side has had enough. */
  private static Thread trickle(Socket socket, byte[] bytes) {
    Thread thread =
        new Thread(
            () -> {
              CountDownLatch never = new CountDownLatch(1);
              try {
                OutputStream out = socket.getOutputStream();
                for (int i = 0; !never.await(50, TimeUnit.MILLISECONDS); i++) {
                  out.write(bytes[Math.min(i, bytes.length - 1)]);
                  out.flush();
                }
              } catch (IOException | InterruptedException cutOff) {
                // What the test waits for.
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Again where a limit has met an honest client, whose handshake a busy machine holds up. */
  private void assertOthersAreServed() {
    await()
        .atMost(BOUND)
        .untilAsserted(
            () -> assertThat(server.anonymous("GET", "/healthz", null).status()).isEqualTo(200));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void cutsOffAHandshakeThatDoesNotEnd() throws Exception {
    server.close();
    server = TestServer.start(directory, settings -> settings.withLimits(PATIENT));
    Socket silent = plain();
    Socket half = plain();
    half.getOutputStream().write(new byte[] {0x16, 3, 1, 2, 0, 1});
    Socket slow = plain();
    Thread trickle = trickle(slow, ClientHello.tls13());
    Socket greeted = plain();
    greeted.getOutputStream().write(ClientHello.tls13());
    assertOthersAreServed();
    for (Socket socket : List.of(silent, half, slow, greeted)) {
      rest(socket);
    }
    await().until(() -> !trickle.isAlive());
    assertOthersAreServed();
  }

  @Test
  void cutsOffHeadersThatDoNotEnd() throws Exception {
    List<Thread> tricklers = new ArrayList<>();
    List<Socket> slow = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      SSLSocket socket = greeted();
      slow.add(socket);
      tricklers.add(trickle(socket, ascii("GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: aaaa")));
    }
    SSLSocket silent = greeted();
    assertOthersAreServed();
    for (Socket socket : slow) {
      rest(socket);
    }
    rest(silent);
    await().until(() -> tricklers.stream().noneMatch(Thread::isAlive));
    assertOthersAreServed();
  }

  @Test
  void answersABodyThatDoesNotEnd() throws Exception {
    String head =
        "POST /v1/agent/join HTTP/1.1\r\nhost: x\r\nauthorization: Bearer "
            + token()
            + "\r\ncontent-length: 100000\r\n\r\n";
    SSLSocket silent = greeted();
    silent.getOutputStream().write(ascii(head + "{"));
    SSLSocket slow = greeted();
    slow.getOutputStream().write(ascii(head));
    Thread trickle = trickle(slow, ascii("{\"csr\":\"aaaaaaa"));
    assertOthersAreServed();
    assertThat(new String(rest(silent), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 408");
    assertThat(new String(rest(slow), StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 408");
    await().until(() -> !trickle.isAlive());
  }

  @Test
  void keepsPlaceForOthersWhenOneClientOpensManyConnections() throws Exception {
    server.close();
    server = TestServer.start(directory, settings -> settings.withLimits(CROWDED));
    List<Socket> many = new ArrayList<>();
    for (int i = 0; i < 2 * CROWDED.unproven(); i++) {
      Socket socket = plain();
      socket.setSoTimeout(1);
      many.add(socket);
    }
    List<Socket> refused = new ArrayList<>();
    await()
        .until(
            () -> {
              for (Socket socket : many) {
                if (!refused.contains(socket) && isClosed(socket)) {
                  refused.add(socket);
                }
              }
              return refused.size() == many.size() - CROWDED.unproven();
            });
    for (Socket socket : many) {
      socket.close();
    }
    await().until(this::isServed);
    assertOthersAreServed();
    for (int i = 0; i < 3 * CROWDED.unproven(); i++) {
      // Connections that ended do not count.
      SSLSocket used = secured();
      used.getOutputStream().write(ascii("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"));
      assertThat(used.getInputStream().read()).isEqualTo('H');
      used.close();
    }
  }

  @Test
  void refusesWhatIsTooLarge() throws Exception {
    assertThat(
            answer("GET /healthz HTTP/1.1\r\nhost: x\r\nx-big: " + "a".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    assertThat(answer("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nhost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
    assertThat(
            answer(
                "POST /v1/agent/join HTTP/1.1\r\nhost: x\r\ncontent-length: "
                    + 2L * ApiServer.MAX_BODY_BYTES
                    + "\r\n\r\n{"))
        .startsWith("HTTP/1.1 413");
    assertOthersAreServed();
  }

  private boolean isServed() {
    try {
      return secured().isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  private String answer(String request) throws IOException {
    SSLSocket socket = greeted();
    socket.getOutputStream().write(ascii(request));
    socket.getOutputStream().flush();
    return new String(rest(socket), StandardCharsets.US_ASCII);
  }

  @Test
  void understandsNothingButTls() throws Exception {
    Socket http = plain();
    http.getOutputStream().write(ascii("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n"));
    assertThat(new String(rest(http), StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/1.1 200");
    Random random = new Random(1);
    for (int i = 0; i < 20; i++) {
      byte[] garbage = new byte[1 + random.nextInt(2000)];
      random.nextBytes(garbage);
      if (i % 2 == 0) {
        garbage[0] = 0x16;
      }
      Socket socket = plain();
      try {
        socket.getOutputStream().write(garbage);
      } catch (SocketException closed) {
        continue;
      }
      rest(socket);
    }
    assertOthersAreServed();
  }

  @Test
  void speaksTodaysTlsOnly() throws Exception {
    int tls12 = 0x0303;
    // ECDHE-ECDSA with AES-GCM or ChaCha20, the suites for the key that the server has.
    for (int suite : new int[] {0xC02B, 0xC02C, 0xCCA9}) {
      assertThat(speaks(ClientHello.of(tls12, suite))).as("suite %x", suite).isTrue();
    }
    assertThat(speaks(ClientHello.tls13())).isTrue();
    for (int old : new int[] {0x0300, 0x0301, 0x0302}) {
      assertThat(speaks(ClientHello.of(old, 0xC02B, 0xC023, 0xC009, 0xC00A)))
          .as("version %x", old)
          .isFalse();
    }
    int[] weak = {
      0xC023, 0xC024, 0xC009, 0xC00A, // ECDHE-ECDSA with CBC
      0xC008, 0xC007, 0xC006, // 3DES, RC4, NULL
      0x009C, 0x009D, 0x002F, 0x0035, 0x000A, 0x0005, // RSA key exchange
      0xC025, 0xC02D, // static ECDH
      0xC018, 0x0034, // anonymous
      0x0001, 0x0003, // NULL, export
    };
    for (int suite : weak) {
      assertThat(speaks(ClientHello.of(tls12, suite))).as("suite %x", suite).isFalse();
    }
    assertOthersAreServed();
  }

  /** Whether the server answers with a handshake message rather than an alert or nothing. */
  private boolean speaks(byte[] hello) throws IOException {
    Socket socket = plain();
    socket.getOutputStream().write(hello);
    try {
      return socket.getInputStream().read() == 0x16;
    } catch (SocketException reset) {
      return false;
    } finally {
      socket.close();
    }
  }
}
