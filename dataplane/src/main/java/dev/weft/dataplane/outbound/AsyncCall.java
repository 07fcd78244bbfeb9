package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * What the asynchronous driver asks an adapter to do with the library. Calls of one exchange never
 * overlap, but come from different threads; attempts do, where a call {@link #overlaps}. Nothing
 * here may block.
 *
 * @param <R> the library's response
 */
public interface AsyncCall<R> {
  /**
   * Sends the request once to the endpoint of this attempt. A {@code CompletableFuture} is
   * cancelled when the attempt's time is over.
   */
  CompletionStage<R> send(Attempt attempt);

  /**
   * Says that the driver listens to what {@link #send} returned: whatever completes it from now on
   * is decided on before its {@code complete} returns, unless policy asks to wait. A client that
   * can hold a response back no longer than its own event lasts sends only now; must not throw.
   */
  default void listening(CompletionStage<R> sent) {}

  /**
   * Whether two attempts of this call can be under way at a time. Asked before an attempt and only
   * when policy wants to hedge; an answer of true is kept to until the call ends.
   */
  default boolean overlaps() {
    return false;
  }

  /**
   * A request of its own for an attempt beside the one under way, which may end meanwhile; only
   * when {@link #overlaps}, and once at most.
   *
   * @return null when the body is not known to the end by now
   */
  default @Nullable Beside<R> beside() {
    return null;
  }

  /**
   * A second attempt of the call, which shares nothing that an attempt changes.
   *
   * @param <R> the library's response
   */
  interface Beside<R> {
    /** A copy of the call's request. */
    OutboundRequest request();

    /** As {@link AsyncCall#send}, of that copy. */
    CompletionStage<R> send(Attempt attempt);
  }

  /**
   * Milliseconds that the application lets the call wait before it is sent, as for a connection of
   * its own pool; 0 for as long as it takes.
   */
  default long patienceMillis() {
    return 0;
  }

  /**
   * Says that the call waits before it is sent; for applications that end a call in another way
   * than by its future.
   *
   * @param end ends the call, from any thread; no effect when it waits no more
   */
  default void waiting(Runnable end) {}

  /** HTTP status of a response. */
  int status(R response);

  /**
   * HTTP version of a response as the semantic conventions write it, {@code 1.1} or {@code 2}; null
   * when the library does not tell. A constant: it is asked for every answer.
   */
  default @Nullable String protocolVersion(R response) {
    return null;
  }

  /** First value of a response header, or null. */
  @Nullable String header(R response, String name);

  /**
   * Gives back a response that no one will read, so that its connection can be used again.
   *
   * @return completed when the connection is free or closed, for which the next attempt waits a
   *     little; null when that is so already
   */
  @Nullable CompletionStage<?> discard(R response);

  /**
   * Closes the connection of a response whose end does not come while it is discarded. The end may
   * have come meanwhile; must not block or throw.
   */
  void abandon(R response);

  /**
   * Makes the library's own response of a local reply.
   *
   * @throws Exception the library's own exception where it can make no response
   */
  R reply(LocalReply reply) throws Exception;

  /** Applies {@link HeaderEdits#response} to a response; the request's part is done already. */
  R editResponse(R response, HeaderEdits edits);

  /** What the library's exception means, or null to leave it to the data plane's classifier. */
  default @Nullable FailureKind classify(Throwable failure) {
    return null;
  }
}
