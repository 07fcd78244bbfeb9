package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.apache.http.HttpHost;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.HttpHostConnectException;
import org.jspecify.annotations.Nullable;

/** Refusals of the mesh as the exceptions of this library. */
final class LocalFailures {
  private LocalFailures() {}

  /** The exception for a reply, or null when it shall be a response. */
  static @Nullable IOException of(LocalReply reply, HttpHost host) {
    IOException failure = reply.failure(host.getHostName());
    return failure instanceof ConnectException
        ? new HttpHostConnectException(host, (ConnectException) failure)
        : failure;
  }

  /** What the library throws when connecting to a host failed so. */
  static IOException connecting(IOException failure, HttpHost host) {
    if (failure instanceof SocketTimeoutException) {
      ConnectTimeoutException timeout =
          new ConnectTimeoutException("Connect to " + host + " timed out");
      timeout.initCause(failure);
      return timeout;
    }
    return failure instanceof ConnectException
        ? new HttpHostConnectException(host, (ConnectException) failure)
        : failure;
  }
}
