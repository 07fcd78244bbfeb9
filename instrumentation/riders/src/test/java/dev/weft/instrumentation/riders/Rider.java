package dev.weft.instrumentation.riders;

import org.jspecify.annotations.Nullable;

/** A library's own way to make a call, on top of a client that is woven. */
interface Rider {
  /**
   * Makes one call, as an application does that takes the library's defaults.
   *
   * @param body text to send, or null for none
   * @return the status, where the library tells it, and the text of the answer
   * @throws Exception what the library throws, for statuses of errors, too
   */
  String call(String method, String url, @Nullable String body) throws Exception;
}
