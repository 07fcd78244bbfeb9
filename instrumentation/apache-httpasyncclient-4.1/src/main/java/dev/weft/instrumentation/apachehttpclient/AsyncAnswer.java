package dev.weft.instrumentation.apachehttpclient;

import org.apache.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** The head of a response, and the attempt it came by; none when the mesh itself answers. */
final class AsyncAnswer {
  final HttpResponse head;
  final @Nullable AttemptExchange attempt;

  AsyncAnswer(HttpResponse head, @Nullable AttemptExchange attempt) {
    this.head = head;
    this.attempt = attempt;
  }
}
