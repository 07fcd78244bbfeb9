package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.HookContext;
import dev.weft.dataplane.outbound.BlockingDriver;
import dev.weft.dataplane.outbound.Target;
import java.io.IOException;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.ProtocolException;
import java.net.URL;
import java.security.AccessController;
import java.security.PrivilegedAction;
import org.jspecify.annotations.Nullable;

/**
 * Follows redirects as the runtime does, each hop through the mesh if its host is of the mesh. The
 * rules are those of {@code sun.net.www.protocol.http.HttpURLConnection}: same protocol only,
 * {@code http.maxRedirects} (20), POST becomes GET but on 307 or with {@code
 * http.strictPostRedirect}.
 */
final class Hops {
  private final HookContext context;
  private final Settings settings;
  private final RequestHeaders headers;
  private final boolean follow;
  private final boolean streams;
  private final Disconnection disconnection;
  private URL url;

  Hops(
      HookContext context,
      Settings settings,
      RequestHeaders headers,
      boolean follow,
      boolean streams,
      Disconnection disconnection,
      URL url) {
    this.context = context;
    this.settings = settings;
    this.headers = headers;
    this.follow = follow;
    this.streams = streams;
    this.disconnection = disconnection;
    this.url = url;
  }

  /** Where the last hop went. */
  URL url() {
    return url;
  }

  Answer run(String firstMethod, @Nullable RequestBody firstBody) throws IOException {
    int most = property(() -> Integer.getInteger("http.maxRedirects", 20));
    String method = firstMethod;
    RequestBody body = firstBody;
    for (int redirects = 0; ; redirects++) {
      Answer answer = hop(method, body);
      URL next = follow ? redirect(answer) : null;
      if (next == null) {
        return answer;
      }
      String location = answer.value("Location");
      call(HopRequest.of(method, url, headers, body), body).discard(answer);
      if (streams) {
        throw new HttpRetryException(
            "cannot retry due to redirection, in streaming mode", answer.status(), location);
      }
      if (redirects + 1 >= (most <= 0 ? 20 : most)) {
        throw new ProtocolException("Server redirected too many  times (" + (redirects + 1) + ")");
      }
      url = next;
      boolean keep =
          answer.status() == 307 || property(() -> Boolean.getBoolean("http.strictPostRedirect"));
      if (method.equals("POST") && !keep) {
        method = "GET";
        body = null;
      }
    }
  }

  private Answer hop(String method, @Nullable RequestBody body) throws IOException {
    HopRequest request = HopRequest.of(method, url, headers, body);
    HopCall call = call(request, body);
    BlockingDriver driver = context.dataPlane().blocking();
    Target target = driver.resolve("http", request.authority());
    if (target == null) {
      return call.sendOutside();
    }
    try {
      return driver.execute(target, request, call);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private HopCall call(HopRequest request, @Nullable RequestBody body) {
    return new HopCall(url, settings, request, body, disconnection);
  }

  private @Nullable URL redirect(Answer answer) throws IOException {
    int status = answer.status();
    if (status < 300
        || status > 307
        || status == 306
        || status == HttpURLConnection.HTTP_NOT_MODIFIED
        || status == HttpURLConnection.HTTP_USE_PROXY) {
      return null;
    }
    String location = answer.value("Location");
    if (location == null) {
      return null;
    }
    URL next;
    try {
      next = new URL(location);
    } catch (MalformedURLException relative) {
      next = new URL(url, location);
    }
    return next.getProtocol().equalsIgnoreCase(url.getProtocol()) ? next : null;
  }

  /** As in the runtime itself, the application needs no permission to read it. */
  private static <T> T property(PrivilegedAction<T> read) {
    return AccessController.doPrivileged(read);
  }
}
