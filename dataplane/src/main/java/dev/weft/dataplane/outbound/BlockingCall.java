package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.policy.snapshot.HeaderEdits;
import org.jspecify.annotations.Nullable;

/**
 * What the blocking driver asks an adapter to do with the library. Used by one thread at a time.
 *
 * @param <R> the library's response
 */
public interface BlockingCall<R> {
  /**
   * Sends the request once to the endpoint of this attempt and returns when the head of the
   * response is there.
   *
   * @throws Exception the library's own failure, which reaches the application unchanged unless
   *     another attempt succeeds
   */
  R send(Attempt attempt) throws Exception;

  /**
   * Milliseconds that the application lets the call wait before it is sent, as for a connection of
   * its own pool; 0 for as long as it takes.
   */
  default long patienceMillis() {
    return 0;
  }

  /**
   * Whether the application has ended the call meanwhile: asked now and then while it waits. A call
   * that is ended is sent all the same, for the library to say how it ends; {@link #send} must send
   * nothing then.
   */
  default boolean cancelled() {
    return false;
  }

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
   * Gives back a response that no one will read, so that its connection can be used again. What
   * {@link Attempt#onTimeout} was told ends this when it takes long.
   */
  void discard(R response);

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
