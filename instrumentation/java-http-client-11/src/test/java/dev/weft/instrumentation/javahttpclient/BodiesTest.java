package dev.weft.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever makes the body of a request, and whatever takes that of a response. */
@Timeout(60)
class BodiesTest extends WovenClientTest {
  private static final String TEXT = "a body\nof two lines";

  private final HttpClient client = HttpClient.newHttpClient();
  private @TempDir Path folder;

  BodiesTest() {
    super(new JavaHttpClientModule());
  }

  @BeforeEach
  void answer() {
    orders.answering(r -> Reply.of(200, r.body()));
  }

  private <T> T send(BodyPublisher body, BodyHandler<T> handler) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://orders/")).method("PUT", body).build();
    return client.send(request, handler).body();
  }

  private static byte[] bytes() {
    return TEXT.getBytes(US_ASCII);
  }

  @TestFactory
  Stream<DynamicTest> bodiesOfEachPublisherArriveAndAreSentAgain() throws IOException {
    Path file = Files.write(folder.resolve("sent"), bytes());
    byte[] padded = ("<<" + TEXT + ">>").getBytes(US_ASCII);
    Map<String, BodyPublisher> all = new LinkedHashMap<>();
    all.put("ofString", BodyPublishers.ofString(TEXT));
    all.put("ofByteArray", BodyPublishers.ofByteArray(bytes()));
    all.put("ofByteArray, a part", BodyPublishers.ofByteArray(padded, 2, TEXT.length()));
    all.put("ofByteArrays", BodyPublishers.ofByteArrays(List.of(bytes())));
    all.put("ofFile", BodyPublishers.ofFile(file));
    all.put("ofInputStream", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes())));
    all.put("fromPublisher", BodyPublishers.fromPublisher(BodyPublishers.ofString(TEXT)));
    all.put(
        "fromPublisher of a length",
        BodyPublishers.fromPublisher(BodyPublishers.ofString(TEXT), TEXT.length()));
    all.put(
        "concat",
        BodyPublishers.concat(
            BodyPublishers.ofString(TEXT.substring(0, 4)),
            BodyPublishers.ofString(TEXT.substring(4))));
    return all.entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      int before = orders.requests().size();
                      orders.answering(
                          r ->
                              orders.requests().size() == before + 1
                                  ? Reply.of(503, "once more")
                                  : Reply.of(200, r.body()));
                      assertThat(send(each.getValue(), BodyHandlers.ofString())).isEqualTo(TEXT);
                      assertThat(orders.requests()).hasSize(before + 2);
                      assertThat(orders.last().body()).isEqualTo(bytes());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> eachHandlerGetsTheBody() {
    List<Byte> consumed = new ArrayList<>();
    Collector bySubscriber = new Collector();
    List<DynamicTest> all = new ArrayList<>();
    all.add(takes("ofString", BodyHandlers.ofString(), text -> text));
    all.add(takes("ofByteArray", BodyHandlers.ofByteArray(), b -> new String(b, US_ASCII)));
    all.add(takes("ofFile", BodyHandlers.ofFile(folder.resolve("got")), BodiesTest::read));
    all.add(
        takes("ofLines", BodyHandlers.ofLines(), lines -> lines.collect(Collectors.joining("\n"))));
    all.add(takes("ofInputStream", BodyHandlers.ofInputStream(), BodiesTest::read));
    all.add(
        takes(
            "ofPublisher",
            BodyHandlers.ofPublisher(),
            body -> {
              Collector collector = new Collector();
              body.subscribe(collector);
              return collector.text.join();
            }));
    all.add(
        takes(
            "ofByteArrayConsumer",
            BodyHandlers.ofByteArrayConsumer(
                part ->
                    part.ifPresent(
                        some -> {
                          for (byte one : some) {
                            consumed.add(one);
                          }
                        })),
            nothing ->
                consumed.stream()
                    .map(one -> String.valueOf((char) one.byteValue()))
                    .collect(Collectors.joining())));
    all.add(
        takes(
            "fromSubscriber",
            BodyHandlers.fromSubscriber(bySubscriber),
            nothing -> bySubscriber.text.join()));
    all.add(takes("buffering", BodyHandlers.buffering(BodyHandlers.ofString(), 4), text -> text));
    all.add(takes("replacing", BodyHandlers.replacing(TEXT), text -> text));
    all.add(takes("discarding", BodyHandlers.discarding(), nothing -> TEXT));
    return all.stream();
  }

  private <T> DynamicTest takes(String name, BodyHandler<T> handler, Function<T, String> text) {
    return DynamicTest.dynamicTest(
        name,
        () -> assertThat(text.apply(send(BodyPublishers.ofString(TEXT), handler))).isEqualTo(TEXT));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes all there is. */
  private static final class Collector implements Flow.Subscriber<List<ByteBuffer>> {
    private final CompletableFuture<String> text = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      buffers.forEach(one -> parts.append(US_ASCII.decode(one)));
    }

    @Override
    public void onError(Throwable failure) {
      text.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      text.complete(parts.toString());
    }
  }
}
