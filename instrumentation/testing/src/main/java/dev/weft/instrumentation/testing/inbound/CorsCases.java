package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.StringMatch;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whose scripts may read an answer is said once, as policy has it, whatever the application says
 * about it; and of no other answer on the connection.
 */
interface CorsCases extends InboundCases {
  String SHOP = "https://shop.example";

  @Test
  default void aPreflightIsAnsweredByTheMesh() throws IOException {
    share(true);
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        RawConnection.Answer answer = client.send(preflight("/app/denied", SHOP)).read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text()).isEmpty();
        assertThat(values(answer, "access-control-allow-origin")).containsExactly(SHOP);
        assertThat(values(answer, "access-control-allow-methods")).containsExactly("GET,PUT");
        assertThat(values(answer, "access-control-allow-headers")).containsExactly("x-asked");
        assertThat(values(answer, "access-control-max-age")).containsExactly("600");
        assertThat(values(answer, "x-weft-rejection")).isEmpty();
        assertThat(rig().reached()).isZero();
      }
      assertThat(meshed.send(Probe.get("/app/status/204")).read().status()).isEqualTo(204);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/app/cors", "/app/status/204", "/app/status/404", "/app/chunked", "/app/large"})
  default void anAnswerSaysOnceWhoMayReadIt(String path) throws IOException {
    share(true);
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        assertShared(client.send(request("GET", path, SHOP)).read());
        assertShared(client.send(request("HEAD", path, SHOP)).read(true));
        assertThat(client.send(Probe.get("/app/status/200")).read().headers().toString())
            .doesNotContainIgnoringCase("access-control");
      }
    }
  }

  @Test
  default void aRefusalSaysItToo() throws IOException {
    share(true);
    try (RawConnection meshed = rig().meshed()) {
      RawConnection.Answer refusal = meshed.send(request("GET", "/app/denied", SHOP)).read();
      assertThat(refusal.status()).isEqualTo(403);
      assertShared(refusal);
      assertThat(values(refusal, "x-weft-rejection")).hasSize(1);
    }
    assertThat(rig().reached()).isZero();
  }

  @Test
  default void otherOriginsGetWhatTheApplicationSays() throws IOException {
    share(true);
    try (RawConnection meshed = rig().meshed()) {
      for (String origin : List.of("https://evil.example", "null")) {
        RawConnection.Answer own = meshed.send(request("GET", "/app/cors", origin)).read();
        assertThat(values(own, "access-control-allow-origin").toString()).contains("*", "null");
        assertThat(values(own, "access-control-allow-credentials")).isEmpty();
      }
      int before = rig().reached();
      meshed.send(preflight("/app/cors", "https://evil.example")).read();
      assertThat(rig().reached()).as("forwarded").isEqualTo(before + 1);
      share(false);
      RawConnection.Answer ignored =
          meshed.send(preflight("/app/cors", "https://evil.example")).read();
      assertThat(ignored.status()).isEqualTo(200);
      assertThat(values(ignored, "access-control-allow-origin")).isEmpty();
      assertThat(rig().reached()).as("answered").isEqualTo(before + 1);
    }
  }

  private void share(boolean forwardUnmatched) {
    rig()
        .mesh()
        .share(
            CorsPolicy.builder()
                .allowOrigins(List.of(StringMatch.exact(SHOP)))
                .allowMethods(List.of("GET", "PUT"))
                .allowHeaders(List.of("*"))
                .exposeHeaders(List.of("x-total", "x-page"))
                .maxAgeSeconds(600)
                .allowCredentials(true)
                .forwardUnmatchedPreflights(forwardUnmatched)
                .build());
  }

  private static void assertShared(RawConnection.Answer answer) {
    assertThat(values(answer, "access-control-allow-origin")).containsExactly(SHOP);
    assertThat(values(answer, "access-control-allow-credentials")).containsExactly("true");
    assertThat(values(answer, "access-control-expose-headers")).containsExactly("x-total,x-page");
  }

  private static List<String> values(RawConnection.Answer answer, String name) {
    return answer.headers().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).trim())
        .collect(Collectors.toList());
  }

  private static String request(String method, String path, String origin) {
    return method + " " + path + " HTTP/1.1\r\n" + HOST + "Origin: " + origin + "\r\n\r\n";
  }

  private static String preflight(String path, String origin) {
    return "OPTIONS "
        + path
        + " HTTP/1.1\r\n"
        + HOST
        + "Origin: "
        + origin
        + "\r\nAccess-Control-Request-Method: PUT\r\n"
        + "Access-Control-Request-Headers: x-asked\r\n\r\n";
  }
}
