package dev.weft.instrumentation.httpurlconnection;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.ForeignTracer;
import dev.weft.dataplane.Detached;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.telemetry.TraceContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.URL;
import java.security.Permission;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The connection an application gets for a URL of the mesh. It collects what the application sets
 * and writes, and sends when the application asks for the response, as the runtime does; {@link
 * #connect} therefore only closes the settings.
 *
 * <p>Like its superclass it is for one thread, but for {@link #disconnect}.
 */
final class MeshConnection extends HttpURLConnection {
  private final HookContext context;

  /** Never connected: knows which properties the runtime accepts and shows. */
  private final HttpURLConnection model;

  private final RequestHeaders headers = new RequestHeaders();
  private @Nullable Authenticator authenticator;
  private @Nullable RequestBody body;
  private @Nullable FutureTask<Answer> sending;
  private volatile @Nullable Disconnection underWay;
  private volatile @Nullable Answer answer;
  private @Nullable Exception failure;

  private MeshConnection(URL url, HookContext context, HttpURLConnection model) {
    super(url);
    this.context = context;
    this.model = model;
  }

  static MeshConnection open(URL url, HookContext context) throws IOException {
    Sending before = Sending.begin(null, url);
    try {
      HttpURLConnection model = (HttpURLConnection) url.openConnection(Proxy.NO_PROXY);
      return new MeshConnection(url, context, model);
    } finally {
      Sending.end(before);
    }
  }

  @Override
  public void connect() {
    connected = true;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    if (!doOutput) {
      throw new ProtocolException(
          "cannot write to a URLConnection if doOutput=false - call setDoOutput(true)");
    }
    if (method.equals("GET")) {
      method = "POST";
    }
    if (method.equals("TRACE")) {
      throw new ProtocolException("HTTP method TRACE doesn't support output");
    }
    if (answer != null || failure != null) {
      throw new ProtocolException("Cannot write output after reading input.");
    }
    connected = true;
    RequestBody writing = body;
    if (writing == null) {
      writing = new RequestBody(framing(), this::sendWhileWriting);
      body = writing;
    }
    return writing;
  }

  private RequestBody.Framing framing() {
    long length = fixedContentLengthLong >= 0 ? fixedContentLengthLong : fixedContentLength;
    return new RequestBody.Framing(length, chunkLength);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    if (!doInput) {
      throw new ProtocolException(
          "Cannot read from URLConnection if doInput=false (call setDoInput(true))");
    }
    return answer().inputStream();
  }

  @Override
  public @Nullable InputStream getErrorStream() {
    Answer known = answer;
    return known == null ? null : known.errorStream();
  }

  private Answer answer() throws IOException {
    Answer known = answer;
    if (known != null) {
      return known;
    }
    if (failure == null) {
      connected = true;
      try {
        if (body != null) {
          body.finish();
        }
        Answer made = sending == null ? send() : sending.get();
        answer = made;
        return made;
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        failure = cause instanceof Exception ? (Exception) cause : new IOException(cause);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new java.io.InterruptedIOException("interrupted while waiting for the response");
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
    }
    if (failure instanceof RuntimeException) {
      throw (RuntimeException) failure;
    }
    throw (IOException) Objects.requireNonNull(failure);
  }

  private Answer send() throws IOException {
    boolean streams = body != null && framing().streams();
    Disconnection disconnection = new Disconnection();
    Hops hops =
        new Hops(
            context, settings(), headers, instanceFollowRedirects, streams, disconnection, url);
    Answer made;
    underWay = disconnection;
    try {
      made = hops.run(method, body);
    } catch (IOException e) {
      throw e;
    } catch (RuntimeException e) {
      context.failed("call to " + url.getHost(), e);
      throw new IOException("refused by the service mesh: its agent could not decide on this call");
    } finally {
      underWay = null;
    }
    url = hops.url();
    return made;
  }

  /**
   * A streamed body beyond what is held back: the sending happens on a thread of its own, because
   * the application's is still writing. It ends with the response's head.
   */
  private void sendWhileWriting() {
    TraceContext.Captured trace = TraceContext.capture();
    RequestContext served = RequestContext.current();
    FutureTask<Answer> task = new FutureTask<>(this::send);
    Runnable traced = ForeignTracer.carry(task);
    sending = task;
    Detached.thread(
            () -> {
              if (served != null) {
                served.attach();
              }
              trace.run(traced);
              Objects.requireNonNull(body).abandon(new IOException("Error writing to server"));
            },
            "mesh-upload")
        .start();
  }

  private Settings settings() {
    Settings settings = new Settings();
    settings.doInput = doInput;
    settings.useCaches = useCaches;
    settings.interaction = allowUserInteraction;
    settings.ifModifiedSince = ifModifiedSince;
    settings.connectTimeout = getConnectTimeout();
    settings.readTimeout = getReadTimeout();
    settings.authenticator = authenticator;
    return settings;
  }

  @Override
  public void disconnect() {
    connected = false;
    Disconnection sendingNow = underWay;
    if (sendingNow != null) {
      sendingNow.ask();
    }
    Answer known = answer;
    HttpURLConnection connection = known == null ? null : known.connection();
    if (connection != null) {
      connection.disconnect();
    }
  }

  @Override
  public boolean usingProxy() {
    return false;
  }

  @Override
  public Permission getPermission() throws IOException {
    return model.getPermission();
  }

  /** Since Java 9; there it overrides. */
  public void setAuthenticator(Authenticator auth) {
    if (connected) {
      throw new IllegalStateException("Already connected");
    }
    authenticator = Objects.requireNonNull(auth);
  }

  @Override
  public void setRequestProperty(String key, String value) {
    checkOpen();
    model.setRequestProperty(key, value);
    headers.set(key, value);
  }

  @Override
  public void addRequestProperty(String key, String value) {
    checkOpen();
    model.addRequestProperty(key, value);
    headers.add(key, value);
  }

  @Override
  public @Nullable String getRequestProperty(String key) {
    return model.getRequestProperty(key);
  }

  @Override
  public Map<String, List<String>> getRequestProperties() {
    checkOpen();
    return model.getRequestProperties();
  }

  private void checkOpen() {
    if (connected) {
      throw new IllegalStateException("Already connected");
    }
  }

  @Override
  public int getResponseCode() throws IOException {
    responseCode = answer().status();
    return responseCode;
  }

  @Override
  public @Nullable String getResponseMessage() throws IOException {
    responseMessage = answer().message();
    return responseMessage;
  }

  /** As in the runtime: a failure to get a response looks like a response without headers. */
  private @Nullable Answer answerOrNull() {
    try {
      return answer();
    } catch (IOException e) {
      return null;
    }
  }

  @Override
  public @Nullable String getHeaderField(@Nullable String name) {
    Answer known = answerOrNull();
    return known == null ? null : known.value(name);
  }

  @Override
  public @Nullable String getHeaderField(int index) {
    Answer known = answerOrNull();
    return known == null ? null : known.valueAt(index);
  }

  @Override
  public @Nullable String getHeaderFieldKey(int index) {
    Answer known = answerOrNull();
    return known == null ? null : known.nameAt(index);
  }

  @Override
  public Map<@Nullable String, List<String>> getHeaderFields() {
    Answer known = answerOrNull();
    return known == null ? java.util.Collections.emptyMap() : known.all();
  }

  @Override
  public String toString() {
    return model.getClass().getName() + ":" + url;
  }
}
