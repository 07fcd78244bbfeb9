package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientSetup.Credentials;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URL;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The contract on the runtime's {@code HttpURLConnection}. */
class HttpUrlConnectionContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    return new Client(setup);
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
    private final @Nullable Credentials credentials;

    Client(ClientSetup setup) {
      credentials = setup.credentials();
      CookieHandler.setDefault(setup.cookies() ? new CookieManager() : null);
    }

    @Override
    public Set<Ability> abilities() {
      return EnumSet.complementOf(EnumSet.of(Ability.GZIP, Ability.POOL_LIMIT));
    }

    @Override
    public Result send(Call call) throws Exception {
      HttpURLConnection connection = (HttpURLConnection) new URL(call.url()).openConnection();
      connection.setRequestMethod(call.method());
      connection.setReadTimeout((int) call.readTimeoutMillis());
      connection.setInstanceFollowRedirects(call.followRedirects());
      call.headers().forEach(e -> connection.addRequestProperty(e.getKey(), e.getValue()));
      if (credentials != null) {
        connection.setAuthenticator(new Answering(credentials));
      }
      call.canceller().accept(connection::disconnect);
      if (call.kind() != Body.NONE) {
        write(connection, call);
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
      List<Map.Entry<String, String>> trailers = new ArrayList<>();
      for (int i = headers.size() + 1; connection.getHeaderField(i) != null; i++) {
        trailers.add(Map.entry(connection.getHeaderFieldKey(i), connection.getHeaderField(i)));
      }
      return new Result(status, headers, body, connection.getURL().toString(), trailers);
    }

    private static void write(HttpURLConnection connection, Call call) throws IOException {
      connection.setDoOutput(true);
      if (call.expectContinue()) {
        connection.setRequestProperty("Expect", "100-continue");
      }
      if (call.kind() == Body.STREAM) {
        connection.setChunkedStreamingMode(0);
      }
      try (OutputStream out = connection.getOutputStream()) {
        out.write(call.body());
      } catch (IOException e) {
        if (!call.expectContinue()) {
          throw e;
        }
        // The server wants no body; why is in its answer.
      }
    }

    @Override
    public void close() {
      CookieHandler.setDefault(null);
    }
  }

  private static final class Answering extends Authenticator {
    private final Credentials credentials;

    Answering(Credentials credentials) {
      this.credentials = credentials;
    }

    @Override
    protected PasswordAuthentication getPasswordAuthentication() {
      return new PasswordAuthentication(credentials.user(), credentials.password().toCharArray());
    }
  }
}
