package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.jspecify.annotations.Nullable;

/** Which HTTP versions a connection may speak: with TLS the application's client negotiates. */
final class HttpVersions {
  private HttpVersions() {}

  /**
   * What to offer in the handshake.
   *
   * @param arguments of {@code connect}: one of them is or holds the policy, by version of the
   *     library
   * @throws IOException when the connection is to take a limited number of requests, which is not
   *     had in HTTP/2, and the client speaks nothing else
   */
  static String[] offered(Object[] arguments, Attempt attempt) throws IOException {
    for (Object argument : arguments) {
      HttpVersionPolicy policy = policy(argument);
      if (policy == HttpVersionPolicy.FORCE_HTTP_1) {
        return new String[] {Alpn.WEFT_HTTP_1};
      }
      if (policy == HttpVersionPolicy.FORCE_HTTP_2) {
        if (attempt.limitsRequests()) {
          throw new IOException(
              "call to "
                  + attempt.host()
                  + " refused by the service mesh: this client speaks HTTP/2 alone, and policy"
                  + " limits the requests of a connection (maxRequestsPerConnection)");
        }
        return new String[] {Alpn.HTTP_2};
      }
    }
    return attempt.limitsRequests()
        ? new String[] {Alpn.WEFT_HTTP_1}
        : new String[] {Alpn.HTTP_2, Alpn.WEFT_HTTP_1};
  }

  private static @Nullable HttpVersionPolicy policy(@Nullable Object argument) {
    if (argument instanceof HttpVersionPolicy) {
      return (HttpVersionPolicy) argument;
    }
    if (argument == null || !argument.getClass().getSimpleName().equals("TlsConfig")) {
      return null;
    }
    try {
      return (HttpVersionPolicy)
          argument.getClass().getMethod("getHttpVersionPolicy").invoke(argument);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
