package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.ApplicationThread;
import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.Caller;
import dev.weft.dataplane.outbound.Target;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.util.EntityUtils;
import org.jspecify.annotations.Nullable;

/**
 * One hop of an exchange: takes its request, has the driver send it, and tells the exchange what
 * comes of it, for the caller that the hop is for. It may be cut from any thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // every end is told to the exchange
final class HopExchange implements Executor {
  private final HookContext mesh;
  private final HopConnection connection;
  private final HttpAsyncClientExchangeHandler handler;
  private final @Nullable Caller caller = Caller.capture();
  private volatile @Nullable AsyncHopCall call;
  private volatile @Nullable Delivery local;
  private volatile boolean cancelled;

  HopExchange(HookContext mesh, HopConnection connection, HttpAsyncClientExchangeHandler handler) {
    this.mesh = mesh;
    this.connection = connection;
    this.handler = handler;
  }

  void start() {
    try {
      HttpRequest made = request();
      if (made == null) {
        return;
      }
      HttpRequest original = made;
      if (made instanceof HttpRequestWrapper) {
        HttpRequestWrapper wrapper = (HttpRequestWrapper) made;
        original = wrapper.getOriginal();
        wrapper.setURI(InstanceRoute.direct(wrapper.getURI(), connection.route()));
      }
      AsyncBody body = new AsyncBody(handler);
      if (!(made instanceof HttpEntityEnclosingRequest)
          || ((HttpEntityEnclosingRequest) made).getEntity() == null) {
        body.none();
      }
      HopRequest hop = HopRequest.byRoute(made, original, connection.route().getTargetHost(), body);
      Target target = mesh.dataPlane().async().resolve(hop.scheme(), hop.authority());
      if (target == null) {
        throw new IOException(hop.authority() + " left the service mesh meanwhile");
      }
      AsyncHopCall sending = new AsyncHopCall(mesh, this, hop, body);
      call = sending;
      mesh.dataPlane()
          .async()
          .execute(target, hop, sending)
          .whenComplete(
              (answer, failure) -> ApplicationThread.run(() -> conclude(answer, failure)));
    } catch (IOException e) {
      handler.failed(e);
    } catch (RuntimeException | Error e) {
      mesh.failed("call to " + connection.route().getTargetHost(), e);
      handler.failed(Outcome.refusal(e));
    }
  }

  /** The request of this hop; null when the exchange has none, or failed to make it. */
  private @Nullable HttpRequest request() throws IOException {
    if (handler.getClass().getSimpleName().startsWith("Pipelining")) {
      throw new IOException("the service mesh carries no pipelined requests");
    }
    try {
      return handler.generateRequest();
    } catch (IOException | HttpException | RuntimeException e) {
      // Of an interceptor of the application, or of its producer.
      handler.failed(e);
      return null;
    }
  }

  private void conclude(@Nullable AsyncAnswer answer, @Nullable Throwable failure) {
    if (answer == null) {
      fail(failure == null ? new IOException("no response") : failure);
    } else if (answer.attempt != null) {
      answer.attempt.deliver();
    } else {
      deliver(answer.head);
    }
  }

  /** A response that the mesh gives itself. */
  private void deliver(HttpResponse made) {
    byte[] body;
    try {
      body = made.getEntity() == null ? new byte[0] : EntityUtils.toByteArray(made.getEntity());
    } catch (IOException e) {
      fail(e);
      return;
    }
    Delivery delivery = delivery(made, () -> {});
    local = delivery;
    if (cancelled) {
      return;
    }
    delivery.ended(body);
    delivery.deliver();
  }

  private void fail(Throwable failure) {
    Exception told;
    if (failure instanceof IOException
        || failure instanceof HttpException
        || failure instanceof TimeoutException) {
      told = (Exception) failure;
    } else if (cancelled) {
      told = new InterruptedIOException("request cancelled");
    } else {
      mesh.failed("call to " + connection.route().getTargetHost(), failure);
      told = Outcome.refusal(failure);
    }
    execute(() -> handler.failed(told));
  }

  /** What the exchange goes on with from here, such as a redirect, is for the same caller. */
  @Override
  public void execute(Runnable task) {
    if (caller == null) {
      task.run();
    } else {
      caller.run(task);
    }
  }

  HopConnection connection() {
    return connection;
  }

  HttpAsyncClientExchangeHandler handler() {
    return handler;
  }

  Delivery delivery(HttpResponse response, Runnable abort) {
    return new Delivery(handler, response, this, abort);
  }

  /** Whether the exchange has no more use for any connection. */
  boolean isCancelled() {
    return cancelled;
  }

  void cancel() {
    cancelled = true;
    Delivery telling = local;
    if (telling != null) {
      telling.stop();
    }
    AsyncHopCall sending = call;
    if (sending != null) {
      sending.abort();
    }
  }
}
