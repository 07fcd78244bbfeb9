package dev.weft.instrumentation.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.ClientUnderTest.Call;
import dev.weft.instrumentation.testing.ClientUnderTest.Result;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which HTTP/1.1 ends a body, or has none, or codes it (promise D7). */
interface BodyCases extends OutboundCases {
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void headHasTheLengthOfABodyThatDoesNotCome(boolean secured) throws Exception {
    TestInstance orders = rig().orders(secured);
    for (int i = 0; i < 3; i++) {
      Result result = rig().client().send(Call.of("HEAD", "http://orders/"));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.header("Content-Length")).isEqualTo("5");
      assertThat(result.body()).isEmpty();
      assertThat(rig().client().send(Call.get("http://orders/")).text()).isEqualTo("hello");
    }
    assertThat(orders.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  default void answerWithoutBodyLeavesTheConnectionInStep(int status) throws Exception {
    TestInstance orders =
        rig()
            .orders(true)
            .answering(
                r ->
                    r.target().equals("/none")
                        ? Reply.of(status, "").with("ETag", "\"e\"")
                        : Reply.of(200, "some"));
    for (int i = 0; i < 3; i++) {
      Call conditional = Call.get("http://orders/none").header("If-None-Match", "\"e\"");
      Result none = rig().client().send(conditional);
      assertThat(none.status()).isEqualTo(status);
      assertThat(none.header("ETag")).isEqualTo("\"e\"");
      assertThat(none.body()).isEmpty();
      assertThat(orders.last().header("If-None-Match")).isEqualTo("\"e\"");
      assertThat(rig().client().send(Call.get("http://orders/some")).text()).isEqualTo("some");
    }
    assertThat(orders.connections()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  default void bodyThatEndsWithTheConnectionIsWhole(boolean secured) throws Exception {
    TestInstance orders =
        rig().orders(secured).answering(r -> Reply.of(200, OutboundRig.BIG).untilClose());
    for (int i = 0; i < 2; i++) {
      Result result = rig().client().send(Call.get("http://orders/"));
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.body()).isEqualTo(OutboundRig.BIG);
    }
    assertThat(orders.connections()).isEqualTo(2);
  }

  @Test
  default void chunksAreOneBody() throws Exception {
    TestInstance orders =
        rig().orders(true).answering(r -> Reply.of(200, OutboundRig.BIG).chunked());
    for (int i = 0; i < 2; i++) {
      assertThat(rig().client().send(Call.get("http://orders/")).body()).isEqualTo(OutboundRig.BIG);
    }
    assertThat(orders.connections()).isEqualTo(1);
  }

  @Test
  default void trailersReachTheApplication() throws Exception {
    rig()
        .needs(
            Ability.TRAILERS,
            place -> {
              place
                  .server()
                  .answering(
                      r ->
                          Reply.of(200, "body").with("Trailer", "X-Sum").withTrailer("X-Sum", "7"));
              for (int i = 0; i < 2; i++) {
                Result result = rig().client().send(Call.get(place.url("/")));
                assertThat(result.text()).isEqualTo("body");
                assertThat(result.trailers())
                    .anyMatch(
                        e -> e.getKey().equalsIgnoreCase("X-Sum") && e.getValue().equals("7"));
              }
              assertThat(place.server().connections()).isEqualTo(1);
            });
  }

  @Test
  default void trailersThatNobodyReadsLeaveTheConnectionInStep() throws Exception {
    TestInstance orders =
        rig().orders(true).answering(r -> Reply.of(200, r.target()).withTrailer("X-Sum", "7"));
    for (String path : List.of("/a", "/b", "/c")) {
      assertThat(rig().client().send(Call.get("http://orders" + path)).text()).isEqualTo(path);
    }
    assertThat(orders.connections()).isEqualTo(1);
  }

  @Test
  default void gzipIsDecodedByTheClientThatAskedForIt() throws Exception {
    rig()
        .needs(
            Ability.GZIP,
            place -> {
              place.server().answering(r -> zipped(r.header("Accept-Encoding")));
              Result result = rig().client().send(Call.get(place.url("/")));
              assertThat(result.text()).isEqualTo("unzipped");
            });
  }

  private static Reply zipped(@Nullable String accepted) {
    boolean may = accepted != null && accepted.contains("gzip");
    return may
        ? Reply.of(200, gzip("unzipped")).with("Content-Encoding", "gzip")
        : Reply.of(200, "not asked");
  }

  @Test
  default void bytesThatAreGzipOnlyToTheApplicationStayAsTheyAre() throws Exception {
    byte[] zip = gzip("the application's");
    TestInstance orders =
        rig()
            .orders(true)
            .answering(r -> Reply.of(200, r.body()).with("Content-Type", "application/gzip"));
    Call call = Call.of("PUT", "http://orders/").header("Content-Encoding", "gzip").body(zip);
    assertThat(rig().client().send(call).body()).isEqualTo(zip);
    assertThat(orders.last().header("Content-Encoding")).isEqualTo("gzip");
    assertThat(orders.last().body()).isEqualTo(zip);
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
