package dev.weft.instrumentation.jdbc;

import dev.weft.bootstrap.CallDepth;
import dev.weft.dataplane.identity.NativeTls;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** TLS of a driver's own with our identity: what it is told, and what it is given. */
final class TlsMaterial {
  /** Mark of a thread whose connect must be secured so; {@link TlsAdvice} asks for it. */
  private static final String WANTED = "dev.weft.jdbc.tls";

  private static final ThreadLocal<@Nullable NativeTls> HANDED = new ThreadLocal<>();

  private TlsMaterial() {}

  /** A connect of the driver. */
  interface Connect {
    @Nullable Connection connect() throws SQLException;
  }

  /** Whether the driver of a class loader makes its TLS where it is woven. */
  static boolean isTakenBy(Dialect dialect, @Nullable ClassLoader loader) {
    for (TlsMaker maker : TlsMaker.of(dialect)) {
      if (maker.isIn(loader)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Has a driver want TLS and ask for the server's certificate, but not for its host name, which an
   * identity does not show. In a connect that is handed our judgement nothing else judges. What a
   * driver opens besides, to cancel a statement or to come back by itself, is left to its own
   * judgement, which must be one: no server of the mesh passes it, and nobody else who was not
   * named by the application.
   */
  static String settings(Dialect dialect) {
    switch (dialect) {
      case POSTGRESQL:
        return "sslmode=verify-ca";
      case MARIADB:
        return "sslMode=verify-ca,useSsl=true,trustServerCertificate=false,"
            + "disableSslHostnameVerification=true";
      default:
        return "sslMode=VERIFY_CA,useSSL=true,requireSSL=true,verifyServerCertificate=true,"
            + "autoReconnect=false";
    }
  }

  /** Connects on a thread to which these are handed. */
  static @Nullable Connection handing(NativeTls tls, Connect connect) throws SQLException {
    HANDED.set(tls);
    CallDepth.enter(WANTED);
    try {
      return connect.connect();
    } finally {
      CallDepth.leave(WANTED);
      HANDED.remove();
    }
  }

  /**
   * What was handed to this thread.
   *
   * @param type name of the class, or descriptor of the array, that the driver wants
   */
  static Object handed(String type) {
    NativeTls tls = HANDED.get();
    if (tls == null) {
      throw new IllegalStateException("no TLS was handed over by this thread");
    }
    if (type.contains("KeyManager")) {
      return tls.keyManagers();
    }
    if (type.contains("TrustManager")) {
      return tls.trustManagers();
    }
    return type.endsWith("SSLContext") ? tls.context() : tls.context().getSocketFactory();
  }
}
