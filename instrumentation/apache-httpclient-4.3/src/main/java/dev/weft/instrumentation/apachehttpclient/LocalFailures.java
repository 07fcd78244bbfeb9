package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.apache.http.HttpHost;
import org.apache.http.conn.HttpHostConnectException;
import org.jspecify.annotations.Nullable;

/** Refusals of the mesh as the exceptions of this library. */
final class LocalFailures {
  private LocalFailures() {}

  /** The exception for a reply, or null when it shall be a response. */
  static @Nullable IOException of(LocalReply reply, HttpHost host) {
    switch (reply.kind()) {
      case CONNECT_FAILURE:
        return new HttpHostConnectException(new ConnectException(reply.reason()), host);
      case TIMEOUT:
        return new SocketTimeoutException(reply.reason());
      case UNKNOWN_HOST:
        return new UnknownHostException(host.getHostName() + ": " + reply.reason());
      case IDENTITY_REFUSED:
        return new SSLException(reply.reason());
      case RESPONSE:
        return null;
    }
    return null;
  }
}
