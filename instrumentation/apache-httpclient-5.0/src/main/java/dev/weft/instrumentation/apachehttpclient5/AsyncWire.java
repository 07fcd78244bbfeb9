package dev.weft.instrumentation.apachehttpclient5;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;

/** The library's own way of sending a hop once, as {@link Wire}. */
interface AsyncWire {
  /**
   * Sends a message to the instance of the attempt that the hop's execution context names.
   *
   * @param message the library's to change
   * @param runtime this attempt's own
   */
  void send(HttpRequest message, AsyncHop hop, AsyncExecRuntime runtime, AsyncReception reception)
      throws IOException, HttpException;
}
