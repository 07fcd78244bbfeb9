package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import dev.weft.dataplane.outbound.BlockingCall;
import dev.weft.dataplane.outbound.FailureKind;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/** Sends one hop with connections of the runtime, one per attempt. */
final class HopCall implements BlockingCall<Answer> {
  private final URL url;
  private final Settings settings;
  private final HopRequest request;
  private final @Nullable RequestBody body;
  private final Disconnection disconnection;

  HopCall(
      URL url,
      Settings settings,
      HopRequest request,
      @Nullable RequestBody body,
      Disconnection disconnection) {
    this.url = url;
    this.settings = settings;
    this.request = request;
    this.body = body;
    this.disconnection = disconnection;
  }

  @Override
  public Answer send(Attempt attempt) throws IOException {
    URL to = request.urlOr(url);
    Sending before = Sending.begin(attempt, to);
    try {
      HttpURLConnection connection = (HttpURLConnection) to.openConnection(Proxy.NO_PROXY);
      return exchange(connection, attempt);
    } finally {
      Sending.end(before);
    }
  }

  /** Sends a hop that left the mesh by a redirect, as the runtime would have. */
  Answer sendOutside() throws IOException {
    Sending before = Sending.begin(null, url);
    HttpURLConnection connection;
    try {
      connection = (HttpURLConnection) url.openConnection();
    } finally {
      Sending.end(before);
    }
    return exchange(connection, null);
  }

  private Answer exchange(HttpURLConnection connection, @Nullable Attempt attempt)
      throws IOException {
    disconnection.underWay(connection);
    settings.applyTo(connection, request.method());
    request.headers().applyTo(connection);
    if (attempt != null) {
      int limit = ConnectHook.shorter(settings.readTimeout, attempt.timeoutMillis());
      connection.setReadTimeout(limit);
      // For a head that drips: each read alone may be in time.
      attempt.onTimeout(connection::disconnect);
    }
    if (body != null) {
      body.announceTo(connection);
      try {
        body.writeTo(connection);
      } catch (ProtocolException e) {
        return refused(connection, e);
      }
      body.markStarted();
    }
    connection.getResponseCode();
    return Answer.of(connection);
  }

  /**
   * A server that was asked whether it wants the body may say no; of its answer the status is kept.
   */
  private Answer refused(HttpURLConnection connection, ProtocolException e) throws IOException {
    boolean asked = "100-continue".equalsIgnoreCase(request.header("Expect"));
    int status = asked ? connection.getResponseCode() : -1;
    if (status < 200) {
      throw e;
    }
    return Answer.refused(status, url, e);
  }

  /** To the application a wait in the mesh is one for the answer, as behind a sidecar. */
  @Override
  public long patienceMillis() {
    return settings.readTimeout;
  }

  @Override
  public boolean cancelled() {
    return disconnection.kind() != null;
  }

  @Override
  public @Nullable FailureKind classify(Throwable failure) {
    return disconnection.kind();
  }

  @Override
  public int status(Answer answer) {
    return answer.status();
  }

  @Override
  public @Nullable String protocolVersion(Answer answer) {
    String line = answer.value(null);
    if (line == null) {
      return null;
    }
    return line.startsWith("HTTP/1.1 ") ? "1.1" : line.startsWith("HTTP/1.0 ") ? "1.0" : null;
  }

  @Override
  public @Nullable String header(Answer answer, String name) {
    return answer.value(name);
  }

  /**
   * The runtime reads what is there, and leaves the rest to a thread of its own, or closes the
   * connection; it waits for nothing.
   */
  @Override
  public void discard(Answer answer) {
    HttpURLConnection connection = answer.connection();
    if (connection == null) {
      return;
    }
    try {
      InputStream error = connection.getErrorStream();
      InputStream in = error == null ? connection.getInputStream() : error;
      in.close();
    } catch (IOException e) {
      connection.disconnect();
    }
  }

  @Override
  public Answer reply(LocalReply reply) throws IOException {
    IOException failure = reply.failure(url.getHost());
    if (failure != null) {
      throw failure;
    }
    return Answer.of(reply, url);
  }

  @Override
  public Answer editResponse(Answer answer, HeaderEdits edits) {
    return answer.edited(edits);
  }
}
