package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The contract on the runtime's {@code HttpURLConnection}. */
class HttpUrlConnectionContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient() {
    return new Client();
  }

  @Override
  protected InstrumentationModule module() {
    return new HttpUrlConnectionModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks("OpenHook", "ConnectHook");
  }

  @Override
  protected List<String> otherHooks() {
    return hooks("KeepAliveHook");
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names)
        .map(n -> HttpUrlConnectionModule.class.getPackageName() + "." + n)
        .toList();
  }

  static final class Client implements ClientUnderTest {
    @Override
    public Result send(Call call) throws Exception {
      HttpURLConnection connection = (HttpURLConnection) new URL(call.url()).openConnection();
      connection.setRequestMethod(call.method());
      connection.setReadTimeout((int) call.readTimeoutMillis());
      connection.setInstanceFollowRedirects(call.followRedirects());
      call.headers().forEach(e -> connection.addRequestProperty(e.getKey(), e.getValue()));
      if (call.kind() != Body.NONE) {
        connection.setDoOutput(true);
        if (call.kind() == Body.STREAM) {
          connection.setChunkedStreamingMode(0);
        }
        try (OutputStream out = connection.getOutputStream()) {
          out.write(call.body());
        }
      }
      int status = connection.getResponseCode();
      List<Map.Entry<String, String>> headers = new ArrayList<>();
      for (int i = 1; connection.getHeaderField(i) != null; i++) {
        headers.add(Map.entry(connection.getHeaderFieldKey(i), connection.getHeaderField(i)));
      }
      byte[] body;
      InputStream error = connection.getErrorStream();
      try (InputStream in =
          status < 400
              ? connection.getInputStream()
              : error == null ? InputStream.nullInputStream() : error) {
        body = in.readAllBytes();
      }
      return new Result(status, headers, body, connection.getURL().toString());
    }

    @Override
    public Class<? extends Exception> connectFailure() {
      return ConnectException.class;
    }

    @Override
    public Class<? extends Exception> timeout() {
      return SocketTimeoutException.class;
    }

    @Override
    public Class<? extends Exception> unknownHost() {
      return UnknownHostException.class;
    }

    @Override
    public void close() {}
  }
}
