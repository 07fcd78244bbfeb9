package dev.weft.instrumentation.apachehttpclient;

import java.io.IOException;
import org.apache.http.client.HttpRequestRetryHandler;
import org.apache.http.protocol.HttpContext;

/** The application's retries, which are not asked about what the mesh has retried already. */
final class DirectorRetries implements HttpRequestRetryHandler {
  private final DirectorExecutor executor;
  private final HttpRequestRetryHandler own;

  DirectorRetries(DirectorExecutor executor, HttpRequestRetryHandler own) {
    this.executor = executor;
    this.own = own;
  }

  @Override
  public boolean retryRequest(IOException failure, int count, HttpContext context) {
    return !executor.isFinal(failure) && own.retryRequest(failure, count, context);
  }
}
