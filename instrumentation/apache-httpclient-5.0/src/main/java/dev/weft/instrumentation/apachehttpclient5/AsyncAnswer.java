package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.LocalReply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.CompletionStage;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.jspecify.annotations.Nullable;

/** The head of a response, and where its body comes from: an instance, or the mesh itself. */
final class AsyncAnswer {
  private final HttpResponse head;
  private final @Nullable AsyncReception reception;
  private final byte @Nullable [] body;

  private AsyncAnswer(
      HttpResponse head, @Nullable AsyncReception reception, byte @Nullable [] body) {
    this.head = head;
    this.reception = reception;
    this.body = body;
  }

  static AsyncAnswer received(HttpResponse head, AsyncReception reception) {
    return new AsyncAnswer(head, reception, null);
  }

  /** A response that the mesh gives itself; it holds no connection. */
  static AsyncAnswer local(LocalReply reply, boolean withBody) {
    BasicHttpResponse head = new BasicHttpResponse(reply.status());
    LocalResponse.describe(head, reply);
    return new AsyncAnswer(head, null, withBody ? reply.content() : null);
  }

  HttpResponse head() {
    return head;
  }

  /**
   * Nobody will read it: its connection is to be used again.
   *
   * @return completed when it is free or closed; null when there is none
   */
  @Nullable CompletionStage<?> discard() {
    return reception == null ? null : reception.discard();
  }

  /** Nobody will read it, or wait for its end. */
  void abandon() {
    if (reception != null) {
      reception.runtime().discardEndpoint();
    }
  }

  /** The application gets it. */
  void deliver(AsyncExecCallback application) throws IOException, HttpException {
    if (reception != null) {
      reception.deliver(head);
      return;
    }
    EntityDetails details =
        body == null ? null : new BasicEntityDetails(body.length, LocalResponse.type(head));
    AsyncDataConsumer consumer = application.handleResponse(head, details);
    if (consumer != null && body != null) {
      consumer.updateCapacity(increment -> {});
      consumer.consume(ByteBuffer.wrap(body));
      consumer.streamEnd(Collections.emptyList());
    }
    application.completed();
  }
}
