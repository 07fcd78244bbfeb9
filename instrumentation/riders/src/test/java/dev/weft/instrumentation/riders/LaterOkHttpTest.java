package dev.weft.instrumentation.riders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.okhttp.OkHttpModule;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WebSocketReply;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What came to OkHttp after 3.4. */
@Timeout(60)
class LaterOkHttpTest {
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig(new OkHttpModule());
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  private static Request get() {
    return new Request.Builder().url("http://orders:8080/x").build();
  }

  @Test
  void webSocketIsSecured() throws Exception {
    rig.good().answering(WebSocketReply::hiAndGoodbye);
    CompletableFuture<String> heard = new CompletableFuture<>();
    new OkHttpClient()
        .newWebSocket(
            new Request.Builder().url("ws://orders:8080/ws").build(),
            new WebSocketListener() {
              @Override
              public void onMessage(WebSocket socket, String text) {
                heard.complete(text);
              }

              @Override
              public void onFailure(WebSocket socket, Throwable failure, Response response) {
                heard.completeExceptionally(failure);
              }
            });
    assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("hi");
    assertThat(rig.good().last().peer()).isEqualTo("CN=caller");
    assertThat(rig.good().last().target()).isEqualTo("/ws");
  }

  @Test
  void timeoutOfTheWholeCallIsTheClientsOwn() throws Exception {
    rig.goodOnly();
    OkHttpClient patient = new OkHttpClient.Builder().readTimeout(Duration.ZERO).build();
    patient.newCall(get()).execute().close();
    CountDownLatch release = new CountDownLatch(1);
    rig.good()
        .answering(
            r ->
                Reply.of(200, "late")
                    .after(
                        () -> {
                          try {
                            release.await(30, TimeUnit.SECONDS);
                          } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                          }
                        }));
    try {
      OkHttpClient client = patient.newBuilder().callTimeout(Duration.ofMillis(500)).build();
      assertThatThrownBy(() -> client.newCall(get()).execute())
          .isInstanceOf(InterruptedIOException.class)
          .hasMessage("timeout");
      assertThat(rig.good().requests()).as("not sent again").hasSizeLessThanOrEqualTo(2);
    } finally {
      release.countDown();
    }
  }

  @Test
  void listenerSeesOneCallOfTheServiceAndClonesAreCalls() throws Exception {
    List<String> events = new CopyOnWriteArrayList<>();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .eventListener(
                new EventListener() {
                  @Override
                  public void callStart(Call call) {
                    events.add("start " + call.request().url());
                  }

                  @Override
                  public void connectionAcquired(Call call, Connection connection) {
                    events.add("acquired");
                  }

                  @Override
                  public void connectionReleased(Call call, Connection connection) {
                    events.add("released");
                  }

                  @Override
                  public void callEnd(Call call) {
                    events.add("end");
                  }
                })
            .build();
    rig.goodOnly();
    Call call = client.newCall(get());
    try (Response response = call.execute()) {
      assertThat(response.body().string()).isEqualTo("hello");
    }
    try (Response response = call.clone().execute()) {
      assertThat(response.body().string()).isEqualTo("hello");
    }
    assertThat(events)
        .containsExactly(
            "start http://orders:8080/x",
            "acquired",
            "released",
            "end",
            "start http://orders:8080/x",
            "acquired",
            "released",
            "end");
    assertThat(rig.good().connections()).isEqualTo(1);
  }
}
