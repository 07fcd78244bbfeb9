package dev.weft.instrumentation.apachehttpclient5;

import java.io.IOException;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;

/** The library's own way of sending a hop once. */
interface Wire {
  /**
   * Sends a message to the instance of the attempt that the execution context names.
   *
   * @param message the library's to change
   * @param original the same, not to be changed
   */
  ClassicHttpResponse send(HopMessage message, HopMessage original, Abortable abortable)
      throws IOException, HttpException;
}
