package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Where policy leaves the decision to an authorizer (action CUSTOM), the request waits for it. */
interface AuthorizerCases extends InboundCases {
  @Test
  default void aRequestWaitsForItsAuthorizer() throws IOException {
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port());
      for (RawConnection client : List.of(meshed, plaintext)) {
        int reached = rig().reached();
        RawConnection.Answer refused =
            client.send("GET /app/echo?a=b HTTP/1.1\r\n" + HOST + "\r\n").read();
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("www-authenticate")).isEqualTo("Basic");
        assertThat(refused.header("content-type")).startsWith("text/x-reason");
        assertThat(refused.header("x-weft-rejection")).isEqualTo("CHECK;default/asked");
        assertThat(refused.text()).isEqualTo("login");
        assertThat(rig().reached()).isEqualTo(reached);
        String entered =
            client
                .send(
                    "POST /app/echo HTTP/1.1\r\n"
                        + HOST
                        + "X-Pass: yes\r\nX-User: root\r\nContent-Length: 4\r\n\r\nbody")
                .read()
                .text()
                .toLowerCase(Locale.ROOT);
        assertThat(entered).containsPattern("x-user\\W+ann").doesNotContain("root");
        assertThat(client.send(Probe.get("/app/status/204")).read().status())
            .as("what no rule matches")
            .isEqualTo(204);
      }
      assertThat(authorizer.asked())
          .containsExactly(
              "GET /check/app/echo?a=b HTTP/1.1",
              "POST /check/app/echo HTTP/1.1",
              "GET /check/app/echo?a=b HTTP/1.1",
              "POST /check/app/echo HTTP/1.1");
    }
  }

  @Test
  default void anAnswerHasWhatTheAuthorizerSaysBesideItsCookies() throws IOException {
    String passes = "GET /app/headers HTTP/1.1\r\n" + HOST + "X-Pass: yes\r\n\r\n";
    try (TestAuthorizer authorizer = TestAuthorizer.start();
        RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      rig().mesh().authorizer(authorizer.port());
      for (RawConnection client : List.of(meshed, plaintext)) {
        List<String> answer = client.send(passes).read().headers();
        assertThat(named(answer, "set-cookie"))
            .containsExactlyInAnyOrder("a=b; Path=/", "seen=1", "by=authz");
        assertThat(named(answer, "x-two")).containsExactly("three");
        assertThat(named(answer, "x-lower-case")).containsExactly("kept");
        assertThat(named(answer, "x-secret")).isEmpty();
        assertThat(named(answer, "content-type")).doesNotContain("text/x-own");
        assertThat(client.send(Probe.get("/app/status/200")).read().headers().toString())
            .as("the next answer")
            .doesNotContainIgnoringCase("set-cookie")
            .doesNotContainIgnoringCase("x-two");
      }
    }
  }

  private static List<String> named(List<String> headers, String name) {
    return headers.stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).trim())
        .collect(Collectors.toList());
  }

  @Test
  default void anAuthorizerThatIsNotThereRefuses() throws IOException {
    int closed;
    try (TestAuthorizer authorizer = TestAuthorizer.start()) {
      closed = authorizer.port();
    }
    rig().mesh().authorizer(closed);
    try (RawConnection meshed = rig().meshed()) {
      RawConnection.Answer refused =
          meshed.send("GET /app/echo HTTP/1.1\r\n" + HOST + "X-Pass: yes\r\n\r\n").read();
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.header("x-weft-rejection")).startsWith("CHECK;");
      assertThat(rig().reached()).isZero();
      assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
  }
}
