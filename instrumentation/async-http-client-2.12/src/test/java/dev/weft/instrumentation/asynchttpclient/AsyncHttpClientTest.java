package dev.weft.instrumentation.asynchttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WebSocketReply;
import dev.weft.instrumentation.testing.WovenClientTest;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.asynchttpclient.AsyncCompletionHandler;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.HttpResponseStatus;
import org.asynchttpclient.Response;
import org.asynchttpclient.ws.WebSocket;
import org.asynchttpclient.ws.WebSocketListener;
import org.asynchttpclient.ws.WebSocketUpgradeHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is this library's own, beyond the contract. */
@Timeout(30)
class AsyncHttpClientTest extends WovenClientTest {
  private final AsyncHttpClient client = Dsl.asyncHttpClient();
  private final List<String> told = new CopyOnWriteArrayList<>();

  AsyncHttpClientTest() {
    super(new AsyncHttpClientModule());
  }

  @AfterEach
  void close() throws Exception {
    client.close();
  }

  @Test
  void webSocketIsSecured() throws Exception {
    orders.answering(WebSocketReply::hiAndGoodbye);
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    WebSocketListener listener =
        new WebSocketListener() {
          @Override
          public void onOpen(WebSocket socket) {}

          @Override
          public void onTextFrame(String text, boolean last, int reserved) {
            heard.add(text);
          }

          @Override
          public void onClose(WebSocket socket, int code, String reason) {}

          @Override
          public void onError(Throwable failure) {
            heard.add(failure.toString());
          }
        };
    client
        .prepareGet("ws://orders:8080/ws")
        .execute(new WebSocketUpgradeHandler.Builder().addWebSocketListener(listener).build())
        .get(10, TimeUnit.SECONDS);
    assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("hi");
    assertThat(orders.last().peer()).isEqualTo("CN=caller");
    assertThat(orders.last().target()).isEqualTo("/ws");
  }

  /** Writes down what it hears, and on which kind of thread. */
  private final class Listener extends AsyncCompletionHandler<Response> {
    @Override
    public State onStatusReceived(HttpResponseStatus status) throws Exception {
      tell("status " + status.getStatusCode());
      return super.onStatusReceived(status);
    }

    @Override
    public State onHeadersReceived(HttpHeaders headers) throws Exception {
      tell("headers");
      return super.onHeadersReceived(headers);
    }

    @Override
    public Response onCompleted(Response response) {
      tell("completed " + response.getResponseBody());
      return response;
    }

    @Override
    public void onThrowable(Throwable failure) {
      tell(failure.getClass().getSimpleName());
    }

    private void tell(String event) {
      told.add(Thread.currentThread().getName().startsWith("mesh-") ? "agent: " + event : event);
    }
  }

  @Test
  void handlerHearsOfOneResponse() throws Exception {
    orders.answering(r -> Reply.of(orders.requests().size() < 3 ? 503 : 200, "text"));
    client.prepareGet("http://orders/").execute(new Listener()).get();
    assertThat(told).containsExactly("status 200", "headers", "completed text");
    assertThat(orders.requests()).hasSize(3);
    assertThat(orders.connections()).isEqualTo(1);
  }

  @Test
  void handlerHearsOfOneFailure() throws Exception {
    orders.close();
    assertThatThrownBy(() -> client.prepareGet("http://orders/").execute(new Listener()).get())
        .hasRootCauseInstanceOf(java.net.ConnectException.class);
    // The library ends the call first.
    await().untilAsserted(() -> assertThat(told).containsExactly("ConnectException"));
  }

  @Test
  void streamIsReadOnceForAllAttempts() throws Exception {
    orders.answering(r -> Reply.of(orders.requests().size() < 2 ? 503 : 200, r.body()));
    Response response =
        client
            .preparePut("http://orders/")
            .addHeader("X-A", "b")
            .setBody(new ByteArrayInputStream("once".getBytes()))
            .execute()
            .get();
    assertThat(response.getResponseBody()).isEqualTo("once");
    assertThat(orders.requests())
        .hasSize(2)
        .allMatch(r -> new String(r.body()).equals("once") && r.values("X-A").equals(List.of("b")))
        .allMatch(r -> r.values("Host").equals(List.of("orders")));
  }

  @Test
  void postThatMayHaveArrivedIsNotRepeatedByTheLibrary() throws Exception {
    orders.answering(r -> Reply.hangUp());
    assertThatThrownBy(() -> client.preparePost("http://orders/").setBody("x").execute().get())
        .hasRootCauseInstanceOf(java.io.IOException.class);
    assertThat(orders.requests()).hasSize(1);
  }
}
