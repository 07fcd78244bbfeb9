package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.dataplane.filter.RequestContext;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where policy has an authorizer shown bodies, it sees what the application reads afterwards, from
 * the first byte on; and who sends no body that can be shown does not get in, though policy fails
 * open.
 */
interface CheckedBodyCases extends InboundCases {
  /** How much is shown. */
  int SHOWN = 1_000;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, SHOWN - 1, SHOWN, SHOWN + 1, 20_000, 3_000_000})
  default void anAuthorizerIsShownTheBodyAndTheApplicationReadsAllOfIt(int length)
      throws IOException {
    String body = text(length);
    TestAuthorizer.Shown shown =
        new TestAuthorizer.Shown(
            body.substring(0, Math.min(length, SHOWN)), String.valueOf(length > SHOWN));
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, true);
      for (RawConnection client : List.of(meshed, plaintext)) {
        client.send(head("Content-Length: " + length) + body);
        assertThat(client.read().text()).isEqualTo(digest(body));
        client.send(head("Transfer-Encoding: chunked") + chunks(body, 700));
        assertThat(client.read().text()).isEqualTo(digest(body));
        assertThat(client.send(Probe.get("/app/status/204")).read().status())
            .as("the next request")
            .isEqualTo(204);
      }
      assertThat(authorizer.shown()).containsExactly(shown, shown, shown, shown);
    }
  }

  @Test
  default void aBodyIsWaitedForPieceByPiece() throws IOException {
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection client = rig().meshed()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, false);
      client.send(head("Content-Length: 10") + "hello");
      assertThat(authorizer.shown()).isEmpty();
      assertThat(client.send("world").read().text()).isEqualTo(digest("helloworld"));
      client.send(head("Transfer-Encoding: chunked") + "5\r\nhel");
      client.send("lo\r\n1");
      client.send("\r\n!\r\n0\r");
      assertThat(client.send("\n\r\n").read().text()).isEqualTo(digest("hello!"));
      assertThat(authorizer.shown())
          .extracting(TestAuthorizer.Shown::body)
          .containsExactly("helloworld", "hello!");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, SHOWN, 20_000})
  default void aServletThatListensForItsBodyIsToldOfIt(int length) throws IOException {
    assumeTrue(rig().server().runsServlets());
    String body = text(length);
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection client = rig().meshed()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, true);
      client.send(post("/app/listen", "Content-Length: " + length) + body);
      assertThat(client.read().text()).isEqualTo(digest(body));
      client.send(post("/app/listen", "Transfer-Encoding: chunked") + chunks(body, 300));
      assertThat(client.read().text()).isEqualTo(digest(body));
      int first = Math.min(length, SHOWN + 1);
      client.send(post("/app/listen", "Content-Length: " + length) + body.substring(0, first));
      Awaitility.await().until(() -> authorizer.shown().size() == 3);
      assertThat(client.send(body.substring(first)).read().text()).isEqualTo(digest(body));
    }
  }

  @Test
  default void aServletFindsWhatAFormSays() throws IOException {
    assumeTrue(rig().server().runsServlets());
    String form = "a=b&c=" + "d".repeat(SHOWN) + "&e=f";
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection client = rig().meshed()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, true);
      client.send(
          post(
                  "/app/echo",
                  "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                      + form.length())
              + form);
      assertThat(client.read().text()).contains("a=[b]", "e=[f]");
      assertThat(authorizer.shown().element().body()).isEqualTo(form.substring(0, SHOWN));
    }
  }

  @Test
  default void aClientThatAsksFirstIsToldOnceToSendItsBody() throws IOException {
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, false);
      for (RawConnection client : List.of(meshed, plaintext)) {
        client.send(head("Expect: 100-continue\r\nContent-Length: 5"));
        assertThat(client.read().status()).isEqualTo(100);
        RawConnection.Answer answer = client.send("hello").read();
        assertThat(answer.statusLine() + " " + answer.text())
            .contains(" 200")
            .endsWith(digest("hello"));
        assertThat(client.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
      }
    }
  }

  @Test
  default void aBodyLargerThanPolicyShowsIsRefused() throws IOException {
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, false);
      for (RawConnection client : List.of(meshed, plaintext)) {
        String body = text(SHOWN + 1);
        client.send(head("Content-Length: " + body.length()) + body);
        RawConnection.Answer refused = client.read();
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.header("x-weft-rejection")).isEqualTo("CHECK;default/asked");
      }
      assertThat(authorizer.asked()).isEmpty();
      assertThat(rig().reached()).isZero();
    }
  }

  @Test
  default void aBodyThatDoesNotComeIsRefused() throws IOException {
    rig().server().patience(1_000);
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, true);
      for (RawConnection client : List.of(meshed, plaintext)) {
        client.send(head(RequestContext.DEADLINE_HEADER + ": 1000\r\nContent-Length: 5") + "hell");
        assertThat(ending(client)).isIn("400", "408", "503", "ended");
      }
      assertThat(authorizer.asked()).isEmpty();
      assertThat(rig().reached()).isZero();
    }
    // Before the server makes use of what it kept of the connection for the next one.
    Awaitility.await().untilAsserted(() -> assertThat(rig().mesh().live()).isZero());
    assertServed(rig().plaintext());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\n\r\nhell",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"
      })
  default void aBodyThatBreaksOffIsRefused(String rest) throws IOException {
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection client = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port(), SHOWN, true);
      client.send("POST /app/upload HTTP/1.1\r\n" + HOST + "X-Pass: yes\r\n" + rest);
      client.socket().shutdownOutput();
      assertThat(ending(client)).isIn("400", "408", "503", "ended");
      assertThat(authorizer.asked()).isEmpty();
      assertThat(rig().reached()).isZero();
    }
  }

  /** Servers answer by themselves, too, when they cannot read a request, or end the connection. */
  private static String ending(RawConnection client) throws IOException {
    try {
      return String.valueOf(client.read().status());
    } catch (EOFException | SocketException e) {
      return "ended";
    }
  }

  private static String head(String headers) {
    return post("/app/upload", headers);
  }

  private static String post(String path, String headers) {
    return "POST " + path + " HTTP/1.1\r\n" + HOST + "X-Pass: yes\r\n" + headers + "\r\n\r\n";
  }

  private static String text(int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append((char) ((i * 31 + i / 251) & 0xff));
    }
    return text.toString();
  }

  private static String chunks(String body, int size) {
    StringBuilder chunks = new StringBuilder();
    for (int at = 0; at < body.length(); at += size) {
      String piece = body.substring(at, Math.min(at + size, body.length()));
      chunks
          .append(Integer.toHexString(piece.length()))
          .append("\r\n")
          .append(piece)
          .append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }

  /** What the application says of a body. */
  private static String digest(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length + " " + HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
