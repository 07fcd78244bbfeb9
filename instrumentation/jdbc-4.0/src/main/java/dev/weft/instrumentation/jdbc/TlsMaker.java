package dev.weft.instrumentation.jdbc;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** A method in which a version of a driver makes what its TLS needs. Immutable. */
final class TlsMaker {
  private static final String FACTORY = "Ljavax/net/ssl/SSLSocketFactory;";
  private static final String CONTEXT = "Ljavax/net/ssl/SSLContext;";
  private static final String MARIADB = "org.mariadb.jdbc.plugin.tls.main.DefaultTlsSocketPlugin";
  private static final String MARIADB_ARGUMENTS =
      "Lorg/mariadb/jdbc/Configuration;Lorg/mariadb/jdbc/export/ExceptionFactory;";
  private static final String MYSQL = "com.mysql.cj.protocol.ExportControlled";
  private static final String MYSQL_STORE = "Lcom/mysql/cj/protocol/ExportControlled$KeyStoreConf;";

  private static final TlsMaker[] OF_POSTGRESQL = {
    new TlsMaker(
        "org.postgresql.core.SocketFactoryFactory",
        "getSslSocketFactory",
        "(Ljava/util/Properties;)" + FACTORY)
  };
  private static final TlsMaker[] OF_MARIADB = {
    new TlsMaker(
        MARIADB,
        "getTrustManager",
        "(" + MARIADB_ARGUMENTS + "Lorg/mariadb/jdbc/HostAddress;)[Ljavax/net/ssl/TrustManager;"),
    new TlsMaker(
        MARIADB, "getTrustManager", "(" + MARIADB_ARGUMENTS + ")[Ljavax/net/ssl/TrustManager;"),
    new TlsMaker(
        MARIADB, "getKeyManager", "(" + MARIADB_ARGUMENTS + ")[Ljavax/net/ssl/KeyManager;"),
    new TlsMaker(
        "org.mariadb.jdbc.internal.protocol.tls.DefaultTlsSocketPlugin",
        "getSocketFactory",
        "(Lorg/mariadb/jdbc/util/Options;)" + FACTORY)
  };
  private static final TlsMaker[] OF_MYSQL = {
    new TlsMaker(MYSQL + "$SslContextBuilder", "build", "()" + CONTEXT),
    new TlsMaker(
        MYSQL,
        "getSSLContext",
        "("
            + MYSQL_STORE
            + MYSQL_STORE
            + "ZZLjava/lang/String;Lcom/mysql/cj/exceptions/ExceptionInterceptor;)"
            + CONTEXT),
    new TlsMaker(
        "com.mysql.jdbc.ExportControlled",
        "getSSLSocketFactoryDefaultOrConfigured",
        "(Lcom/mysql/jdbc/MysqlIO;)" + FACTORY)
  };

  final String className;
  final String method;
  final String descriptor;

  private TlsMaker(String className, String method, String descriptor) {
    this.className = className;
    this.method = method;
    this.descriptor = descriptor;
  }

  /** Those of all versions of a driver. */
  static TlsMaker[] of(Dialect dialect) {
    switch (dialect) {
      case POSTGRESQL:
        return OF_POSTGRESQL.clone();
      case MARIADB:
        return OF_MARIADB.clone();
      case MYSQL:
        return OF_MYSQL.clone();
      default:
        return new TlsMaker[0];
    }
  }

  /** Whether the driver of a class loader has it. */
  boolean isIn(@Nullable ClassLoader loader) {
    try {
      for (Method one : Class.forName(className, false, loader).getDeclaredMethods()) {
        MethodType type = MethodType.methodType(one.getReturnType(), one.getParameterTypes());
        if (one.getName().equals(method) && type.toMethodDescriptorString().equals(descriptor)) {
          return true;
        }
      }
    } catch (ClassNotFoundException | LinkageError ofAnotherVersion) {
      return false;
    }
    return false;
  }
}
