package dev.weft.dataplane.identity;

import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** How a handshake of the mesh ended: well, or why not. A small fixed set, fit for labels. */
public enum HandshakeResult {
  /** Both sides accepted each other. */
  OK,
  /** One side did not accept the other's certificate, or got none. */
  IDENTITY,
  /** We had no certificate to show yet. */
  NOT_READY,
  /** A client spoke plaintext where only mTLS is let in. */
  PLAINTEXT,
  /** No common version, no common protocol, or a damaged record. */
  TLS,
  /** It took too long. */
  TIMEOUT,
  /** The connection ended in the midst of it. */
  CONNECTION;

  private final String reason = name().toLowerCase(Locale.ROOT);

  /** {@code ok} or {@code refused}. */
  public String outcome() {
    return this == OK ? "ok" : "refused";
  }

  /** Why it was refused; {@code none} when it was not. */
  public String reason() {
    return this == OK ? "none" : reason;
  }

  /** What a failure of a handshake means. */
  public static HandshakeResult of(Throwable failure) {
    if (failure instanceof SocketTimeoutException) {
      return TIMEOUT;
    }
    if (!(failure instanceof SSLException)) {
      return CONNECTION;
    }
    return refusesIdentity((SSLException) failure) ? IDENTITY : TLS;
  }

  /** Whether this side, or by an alert the other, did not accept a certificate. */
  static boolean refusesIdentity(SSLException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IdentityRefusedException
          || cause instanceof CertificateException
          || alerts(String.valueOf(cause.getMessage()))) {
        return true;
      }
    }
    return false;
  }

  /** Alerts about a certificate (RFC 8446, section 6.2), and an empty chain where one is needed. */
  private static boolean alerts(String message) {
    return message.contains("certificate")
        || message.contains("unknown_ca")
        || message.contains("access_denied")
        || message.contains("Empty client certificate chain");
  }
}
