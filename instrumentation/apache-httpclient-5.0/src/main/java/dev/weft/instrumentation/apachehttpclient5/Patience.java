package dev.weft.instrumentation.apachehttpclient5;

import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.Timeout;

/** How long an application waits for a connection of its pool. Stateless. */
final class Patience {
  private Patience() {}

  /** Milliseconds; 0 for as long as it takes. */
  static long millis(HttpClientContext context) {
    RequestConfig config = context.getRequestConfig();
    // Since 5.4 there is none where neither the client nor the request has one.
    Timeout timeout =
        (config == null ? RequestConfig.DEFAULT : config).getConnectionRequestTimeout();
    return timeout == null ? 0 : Math.max(0, timeout.toMilliseconds());
  }
}
