package dev.weft.instrumentation.asynchttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What ends a hop: a response of an instance, or one of the mesh. Thread-safe. */
final class Answer {
  private final int status;
  private final @Nullable Channel channel;
  private final @Nullable HttpResponse response;
  private final @Nullable Attempt attempt;
  private final @Nullable LocalReply reply;
  private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();

  private Answer(
      int status,
      @Nullable Channel channel,
      @Nullable HttpResponse response,
      @Nullable Attempt attempt,
      @Nullable LocalReply reply) {
    this.status = status;
    this.channel = channel;
    this.response = response;
    this.attempt = attempt;
    this.reply = reply;
  }

  static Answer received(Channel channel, HttpResponse response, Attempt attempt) {
    return new Answer(response.status().code(), channel, response, attempt, null);
  }

  static Answer local(LocalReply reply) {
    return new Answer(reply.status(), null, null, null, reply);
  }

  int status() {
    return status;
  }

  /** The channel it came on; null for an answer of the mesh. */
  @Nullable Channel channel() {
    return channel;
  }

  /** Its head; null for an answer of the mesh. */
  @Nullable HttpResponse response() {
    return response;
  }

  /** The attempt that was answered; null for an answer of the mesh. */
  @Nullable Attempt attempt() {
    return attempt;
  }

  /** Completed when its channel is free or closed, if nobody wants it. */
  CompletableFuture<@Nullable Void> drained() {
    return drained;
  }

  /** The mesh's answer, or null. */
  @Nullable LocalReply reply() {
    return reply;
  }
}
