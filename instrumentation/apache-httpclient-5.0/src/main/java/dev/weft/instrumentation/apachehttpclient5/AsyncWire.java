package dev.weft.instrumentation.apachehttpclient5;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/** The library's own way of sending a hop once, as {@link Wire}. */
interface AsyncWire {
  /**
   * Sends a message to the instance of the attempt that the execution context names.
   *
   * @param message the library's to change
   * @param original the same, not to be changed
   * @param runtime this attempt's own
   */
  void send(
      HttpRequest message,
      HttpRequest original,
      @Nullable AsyncHopEntity body,
      Abortable abortable,
      AsyncExecRuntime runtime,
      AsyncReception reception)
      throws IOException, HttpException;
}
