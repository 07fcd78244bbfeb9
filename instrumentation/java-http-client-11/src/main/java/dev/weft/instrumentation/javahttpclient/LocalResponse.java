package dev.weft.instrumentation.javahttpclient;

import dev.weft.dataplane.filter.LocalReply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.UnresolvedAddressException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Refusals of the mesh as this client would have reported them. */
final class LocalResponse {
  private LocalResponse() {}

  /** The exception for a reply, or null when it shall be a response. */
  static @Nullable IOException failure(LocalReply reply) {
    switch (reply.kind()) {
      case CONNECT_FAILURE:
        return new ConnectException(reply.reason());
      case TIMEOUT:
        return new HttpTimeoutException(reply.reason());
      case UNKNOWN_HOST:
        // What the client says of a host that has no address.
        ConnectException unknown = new ConnectException(reply.reason());
        unknown.initCause(new UnresolvedAddressException());
        return unknown;
      case IDENTITY_REFUSED:
        return new SSLException(reply.reason());
      case RESPONSE:
        return null;
    }
    return null;
  }

  static HttpHeaders headers(LocalReply reply) {
    Map<String, List<String>> headers = new HashMap<>(reply.headers());
    headers.put("content-length", List.of(Integer.toString(reply.length())));
    return HttpHeaders.of(headers, (name, value) -> true);
  }

  /** What the application's handler makes of the body. */
  static <T> CompletableFuture<T> body(LocalReply reply, BodyHandler<T> handler) {
    BodySubscriber<T> subscriber = handler.apply(new Info(reply));
    byte[] bytes = reply.content();
    subscriber.onSubscribe(new Once(subscriber, bytes));
    return subscriber.getBody().toCompletableFuture();
  }

  /** Hands over everything at the first request. */
  private static final class Once implements Flow.Subscription {
    private final BodySubscriber<?> subscriber;
    private byte @Nullable [] bytes;

    Once(BodySubscriber<?> subscriber, byte[] bytes) {
      this.subscriber = subscriber;
      this.bytes = bytes;
    }

    @Override
    public void request(long n) {
      byte[] all = bytes;
      if (all == null) {
        return;
      }
      bytes = null;
      if (n <= 0) {
        subscriber.onError(new IllegalArgumentException("non-positive request: " + n));
        return;
      }
      subscriber.onNext(List.of(ByteBuffer.wrap(all).asReadOnlyBuffer()));
      subscriber.onComplete();
    }

    @Override
    public void cancel() {
      bytes = null;
    }
  }

  private static final class Info implements ResponseInfo {
    private final LocalReply reply;

    Info(LocalReply reply) {
      this.reply = reply;
    }

    @Override
    public int statusCode() {
      return reply.status();
    }

    @Override
    public HttpHeaders headers() {
      return LocalResponse.headers(reply);
    }

    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }
}
