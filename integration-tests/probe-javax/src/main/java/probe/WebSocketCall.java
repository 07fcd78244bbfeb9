package probe;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocketListener;

/**
 * A conversation on a WebSocket: three texts, each sent when the answer to the one before it was
 * heard, and the closing handshake. The status is 101, or that of the server's refusal.
 */
final class WebSocketCall {
  private static final String CLOSED = "closed";
  private static final String FAILED = "failed: ";
  private static final String LARGE = "large ".repeat(20_000);

  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  private WebSocketCall() {}

  static Caller.Answer jdk(HttpClient client, String url) throws IOException {
    WebSocketCall call = new WebSocketCall();
    try {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws" + url.substring("http".length())), call.new Jdk())
              .join();
      return call.converse(
          text -> socket.sendText(text, true).join(),
          () -> socket.sendClose(WebSocket.NORMAL_CLOSURE, "enough").join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException) {
        int status = ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        return new Caller.Answer(status, null, "");
      }
      throw new IOException(e.getCause());
    }
  }

  static Caller.Answer okhttp(OkHttpClient client, String url) throws IOException {
    WebSocketCall call = new WebSocketCall();
    okhttp3.WebSocket socket =
        client.newWebSocket(new Request.Builder().url(url).build(), call.new Ok());
    return call.converse(socket::send, () -> socket.close(1000, "enough"));
  }

  private interface Sender {
    void send(String text);
  }

  private Caller.Answer converse(Sender sender, Runnable close) throws IOException {
    StringBuilder answers = new StringBuilder();
    try {
      for (String word : List.of("one", LARGE, "three")) {
        sender.send(word);
        answers.append(next().replace(LARGE, "large")).append('\n');
      }
      close.run();
      answers.append(next());
    } catch (IOException | RuntimeException e) {
      throw new IOException("after hearing " + answers, e);
    }
    return new Caller.Answer(101, null, answers.toString());
  }

  private String next() throws IOException {
    try {
      String text = heard.poll(10, TimeUnit.SECONDS);
      if (text == null || text.startsWith(FAILED)) {
        throw new IOException(text == null ? "nothing heard" : text);
      }
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private final class Jdk implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence part, boolean last) {
      message.append(part);
      if (last) {
        heard.add(message.toString());
        message.setLength(0);
      }
      socket.request(1);
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      heard.add(CLOSED);
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable failure) {
      heard.add(FAILED + failure);
    }
  }

  private final class Ok extends WebSocketListener {
    @Override
    public void onMessage(okhttp3.WebSocket socket, String text) {
      heard.add(text);
    }

    @Override
    public void onClosed(okhttp3.WebSocket socket, int code, String reason) {
      heard.add(CLOSED);
    }

    @Override
    public void onFailure(okhttp3.WebSocket socket, Throwable failure, Response response) {
      heard.add(FAILED + failure);
    }
  }
}
