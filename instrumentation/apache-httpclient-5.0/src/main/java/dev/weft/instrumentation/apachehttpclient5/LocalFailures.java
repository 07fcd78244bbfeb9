package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.FailureKind;
import java.io.IOException;
import org.apache.hc.client5.http.ConnectExceptionSupport;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.jspecify.annotations.Nullable;

/** Failures in the words of this library, and what its own words mean. */
final class LocalFailures {
  private LocalFailures() {}

  /** The exception for a reply, or null when it shall be a response. */
  static @Nullable IOException of(LocalReply reply, HttpHost host) {
    IOException failure = reply.failure(host.getHostName());
    return failure instanceof java.net.ConnectException
        ? ConnectExceptionSupport.createHttpHostConnectException(failure, host)
        : failure;
  }

  static @Nullable FailureKind kind(Throwable failure) {
    if (failure instanceof ConnectionRequestTimeoutException) {
      return FailureKind.OTHER;
    }
    if (failure instanceof ConnectTimeoutException) {
      return FailureKind.CONNECT;
    }
    return failure instanceof NoHttpResponseException ? FailureKind.RESET : null;
  }
}
