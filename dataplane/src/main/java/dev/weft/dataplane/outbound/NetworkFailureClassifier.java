package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.IdentityRefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code java.net} and {@code javax.net.ssl} exceptions anywhere in the cause chain, and the
 * well-known ones of libraries by name, since their classes cannot be named here. Thread-safe.
 */
public final class NetworkFailureClassifier implements FailureClassifier {
  private static final int DEEPEST = 12;

  /**
   * What the JDK's sockets say, in any case, when connecting took too long, and no other timeout of
   * theirs does: a request that was never sent may be repeated, an answer that did not come may
   * not. Libraries that say it otherwise have a class for it.
   */
  private static final String CONNECT_TIMEOUT = "connect timed out";

  @Override
  public FailureKind classify(Throwable failure) {
    FailureKind weak = null;
    Throwable at = failure;
    for (int depth = 0; at != null && depth < DEEPEST; depth++) {
      FailureKind kind = strong(at);
      if (kind != null) {
        return kind;
      }
      if (weak == null) {
        weak = weak(at);
      }
      at = at.getCause() == at ? null : at.getCause();
    }
    return weak == null ? FailureKind.OTHER : weak;
  }

  /** Kinds that hold wherever in the chain they are found. */
  private static @Nullable FailureKind strong(Throwable failure) {
    if (failure instanceof IdentityRefusedException
        || failure instanceof SSLPeerUnverifiedException
        || failure instanceof CertificateException) {
      return FailureKind.IDENTITY_REFUSED;
    }
    if (failure instanceof SSLException) {
      return tls((SSLException) failure);
    }
    if (failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || failure instanceof BindException
        || failure instanceof UnresolvedAddressException) {
      return FailureKind.CONNECT;
    }
    String message = text(failure);
    String name = failure.getClass().getSimpleName();
    switch (name) {
      case "HttpConnectTimeoutException":
      case "ConnectTimeoutException":
        return FailureKind.CONNECT;
      case "HttpTimeoutException":
        return FailureKind.TIMEOUT;
      case "NoHttpResponseException":
      case "ConnectionClosedException":
        return FailureKind.RESET;
      case "ConnectionPoolTimeoutException":
        // The application's own pool is exhausted; no endpoint had a part in it.
        return FailureKind.OTHER;
      default:
        break;
    }
    if (failure instanceof SocketTimeoutException) {
      return CONNECT_TIMEOUT.equals(message) ? FailureKind.CONNECT : FailureKind.TIMEOUT;
    }
    if (failure instanceof TimeoutException) {
      return FailureKind.TIMEOUT;
    }
    if (failure instanceof InterruptedException
        || failure instanceof InterruptedIOException
        || failure instanceof CancellationException) {
      return FailureKind.CANCELLED;
    }
    if (failure instanceof IOException
        && (message.contains("refused_stream") || message.contains("goaway"))) {
      return FailureKind.REFUSED_STREAM;
    }
    return null;
  }

  /** What an I/O failure means when nothing deeper explains it. */
  private static @Nullable FailureKind weak(Throwable failure) {
    if (failure instanceof ProtocolException) {
      return FailureKind.OTHER;
    }
    return failure instanceof IOException ? FailureKind.RESET : null;
  }

  /** A handshake cut short is no connection; one that ended in an alert is a refusal. */
  private static FailureKind tls(SSLException failure) {
    boolean cut = false;
    Throwable at = failure;
    for (int depth = 0; at != null && depth < DEEPEST; depth++) {
      if (at instanceof CertificateException || text(at).contains("alert")) {
        return FailureKind.IDENTITY_REFUSED;
      }
      if (at instanceof SocketTimeoutException) {
        return FailureKind.TIMEOUT;
      }
      cut |=
          at instanceof EOFException
              || at instanceof SocketException
              || at instanceof ClosedChannelException;
      at = at.getCause();
    }
    if (failure instanceof SSLHandshakeException) {
      return cut || text(failure).contains("terminated")
          ? FailureKind.CONNECT
          : FailureKind.IDENTITY_REFUSED;
    }
    return FailureKind.RESET;
  }

  private static String text(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "" : message.toLowerCase(Locale.ROOT);
  }
}
