package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.outbound.ReplayBuffer;
import io.grpc.ClientCall;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What the application did with a call that is not answered yet, to be done with each attempt. A
 * message that its marshaller can measure without writing it, as protobuf's can, is never changed
 * afterwards; of others that is not known, so calls with such are sent once. Guarded by the call.
 */
final class SentMessages<Q> {
  private final MethodDescriptor<Q, ?> method;
  private final List<Q> messages = new ArrayList<>(1);
  private int bytes;
  private boolean lost;
  private int requested;
  private boolean ended;
  private boolean compressing = true;
  private boolean compressionAsked;
  private volatile boolean written;

  SentMessages(MethodDescriptor<Q, ?> method) {
    this.method = method;
  }

  /** Whether all of it can be sent once more, or nothing was sent yet. */
  boolean replayable() {
    return !written || !lost;
  }

  void sent(Q message, boolean toAnAttempt) {
    written |= toAnAttempt;
    if (lost && toAnAttempt) {
      return;
    }
    int size = size(message);
    bytes += size;
    if (size < 0 || bytes < 0 || bytes > ReplayBuffer.LIMIT) {
      lost = true;
    }
    if (!lost || !toAnAttempt) {
      messages.add(message);
    }
  }

  /** Bytes of a message; -1 when that is not known. */
  private int size(Q message) {
    try (InputStream stream = method.streamRequest(message)) {
      return stream instanceof KnownLength ? stream.available() : -1;
    } catch (IOException | RuntimeException e) {
      return -1; // gRPC will say what is wrong with it
    }
  }

  void requested(int more) {
    requested = requested + more < 0 ? Integer.MAX_VALUE : requested + more;
  }

  void ended() {
    ended = true;
  }

  void compress(boolean enabled) {
    compressionAsked = true;
    compressing = enabled;
  }

  /** Does it all with an attempt that has just started. */
  void repeat(ClientCall<Q, ?> call) {
    written |= !messages.isEmpty();
    if (compressionAsked) {
      call.setMessageCompression(compressing);
    }
    if (requested > 0) {
      call.request(requested);
    }
    for (Q message : messages) {
      call.sendMessage(message);
    }
    if (ended) {
      call.halfClose();
    }
    if (lost) {
      messages.clear();
    }
  }

  /** Nothing will be repeated any more. */
  void forget() {
    lost = true;
    written = true;
    messages.clear();
  }
}
