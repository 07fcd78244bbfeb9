package dev.weft.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.WovenClientTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the runtime's connection forbids and demands holds for ours. */
@Timeout(60)
class ConnectedStateTest extends WovenClientTest {

  ConnectedStateTest() {
    super(new HttpUrlConnectionModule());
  }

  private static HttpURLConnection open() throws IOException {
    return (HttpURLConnection) URI.create("http://orders/").toURL().openConnection();
  }

  @Test
  void settingsAreClosedOnceConnected() throws IOException {
    HttpURLConnection connection = open();
    connection.connect();
    assertThatThrownBy(() -> connection.setRequestProperty("a", "b"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> connection.addRequestProperty("a", "b"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> connection.setDoOutput(true))
        .isInstanceOf(IllegalStateException.class);
    assertThat(connection.getResponseCode()).isEqualTo(200);
    assertThatThrownBy(() -> connection.setFixedLengthStreamingMode(1))
        .isInstanceOf(IllegalStateException.class);
    assertThat(orders.last().header("a")).isNull();
  }

  @Test
  void fixedLengthIsSentAsSaid() throws IOException {
    byte[] body = new byte[100_000];
    HttpURLConnection connection = open();
    connection.setDoOutput(true);
    connection.setRequestMethod("PUT");
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    assertThat(connection.getResponseCode()).isEqualTo(200);
    assertThat(orders.last().header("Content-Length")).isEqualTo("100000");
    assertThat(orders.last().header("Transfer-Encoding")).isNull();
    assertThat(orders.last().body()).isEqualTo(body);
  }

  @Test
  void moreThanTheFixedLengthIsRefused() throws IOException {
    HttpURLConnection connection = open();
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(2);
    OutputStream out = connection.getOutputStream();
    assertThatThrownBy(() -> out.write(new byte[3])).isInstanceOf(IOException.class);
  }
}
