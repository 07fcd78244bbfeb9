package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.outbound.Attempt;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
        ? new HttpHostConnectException(failure, host)
        : failure;
  }

  /** What the library throws when connecting for an attempt failed so. */
  static IOException connecting(IOException failure, Attempt attempt, HttpHost host) {
    InetAddress address = new InetSocketAddress(attempt.address(), attempt.port()).getAddress();
    if (failure instanceof SocketTimeoutException) {
      return new ConnectTimeoutException(failure, host, address);
    }
    return failure instanceof ConnectException
        ? new HttpHostConnectException(failure, host, address)
        : failure;
  }
}
