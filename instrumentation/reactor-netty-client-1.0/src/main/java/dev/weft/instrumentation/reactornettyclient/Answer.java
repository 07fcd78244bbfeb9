package dev.weft.instrumentation.reactornettyclient;

import dev.weft.dataplane.filter.LocalReply;
import org.jspecify.annotations.Nullable;

/** What ends a hop: a response of an instance, or one of the mesh. Immutable. */
final class Answer {
  private final @Nullable Sending sending;
  private final @Nullable LocalReply reply;

  private Answer(@Nullable Sending sending, @Nullable LocalReply reply) {
    this.sending = sending;
    this.reply = reply;
  }

  static Answer received(Sending sending) {
    return new Answer(sending, null);
  }

  static Answer local(LocalReply reply) {
    return new Answer(null, reply);
  }

  /** The attempt that was answered; null for an answer of the mesh. */
  @Nullable Sending sending() {
    return sending;
  }

  /** The mesh's answer, or null. */
  @Nullable LocalReply reply() {
    return reply;
  }
}
