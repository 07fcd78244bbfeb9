package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import org.apache.http.HttpException;
import org.apache.http.HttpResponse;

/** The library's own way of sending a hop once: by its chain, or by a request director. */
interface Wire {
  /** Sends the request to the instance of the attempt, which the context names. */
  HttpResponse send(Attempt attempt) throws IOException, HttpException;

  /** A response that the mesh gives itself; it holds no connection. */
  HttpResponse reply(LocalReply reply);

  /**
   * Gives back what a response holds that nobody will read.
   *
   * @param drained whether its body was read to the end
   */
  void close(HttpResponse response, boolean drained);

  /** Ends a send that is under way, from any thread. */
  void abort();

  /** How long the application waits for a connection; 0 for as long as it takes. */
  long waitMillis();

  /** Whether the application has aborted the request. */
  boolean isAborted();

  /** Whether the application has aborted the request, which therefore failed so. */
  boolean isAborted(Throwable failure);
}
