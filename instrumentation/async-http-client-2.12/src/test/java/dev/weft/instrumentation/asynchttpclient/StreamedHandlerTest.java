package dev.weft.instrumentation.asynchttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.asynchttpclient.AsyncCompletionHandler;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.Response;
import org.asynchttpclient.handler.StreamedAsyncHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Handlers that take bodies as streams, which the newest version does not have. */
@Timeout(30)
class StreamedHandlerTest extends WovenClientTest {

  StreamedHandlerTest() {
    super(new AsyncHttpClientModule());
  }

  /** Takes the body as a stream, and asks for each part. */
  private static final class Streaming extends AsyncCompletionHandler<Response>
      implements StreamedAsyncHandler<Response> {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public State onBodyPartReceived(HttpResponseBodyPart part) {
      told.add("part past the stream");
      return State.CONTINUE;
    }

    @Override
    public State onStream(Publisher<HttpResponseBodyPart> body) {
      body.subscribe(
          new Subscriber<>() {
            private Subscription subscription;

            @Override
            public void onSubscribe(Subscription begun) {
              subscription = begun;
              begun.request(1);
            }

            @Override
            public void onNext(HttpResponseBodyPart part) {
              told.add(new String(part.getBodyPartBytes()));
              subscription.request(1);
            }

            @Override
            public void onError(Throwable failure) {
              told.add(failure.toString());
            }

            @Override
            public void onComplete() {
              told.add("end");
            }
          });
      return State.CONTINUE;
    }

    @Override
    public Response onCompleted(Response response) {
      told.add("completed " + response.getStatusCode());
      return response;
    }
  }

  @Test
  void handlerOfStreamsGetsTheBodyOfOneAnswer() throws Exception {
    Streaming handler = new Streaming();
    orders.answering(r -> Reply.of(orders.requests().size() < 2 ? 503 : 200, "text"));
    try (AsyncHttpClient client = Dsl.asyncHttpClient()) {
      client.prepareGet("http://orders/").execute(handler).get();
    }
    // The library completes a call when it has passed the stream on, not when that was read.
    await()
        .untilAsserted(
            () ->
                assertThat(handler.told)
                    .containsExactlyInAnyOrder("text", "end", "completed 200")
                    .containsSubsequence("text", "end"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void handlerOfStreamsGetsTheBodyOfAnAnswerOfTheMesh(String method) throws Exception {
    Streaming handler = new Streaming();
    mesh.clear().service("orders").apply();
    try (AsyncHttpClient client = Dsl.asyncHttpClient()) {
      client.prepare(method, "http://orders/").execute(handler).get();
    }
    if (method.equals("GET")) {
      assertThat(handler.told.remove(0)).contains("no healthy upstream");
    }
    assertThat(handler.told).containsExactly("end", "completed 503");
  }
}
