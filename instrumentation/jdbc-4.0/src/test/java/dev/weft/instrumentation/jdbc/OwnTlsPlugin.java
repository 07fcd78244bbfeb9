package dev.weft.instrumentation.jdbc;

import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;

/** An application's own TLS for MariaDB's driver: it trusts whoever answers. */
public final class OwnTlsPlugin implements TlsSocketPlugin, X509TrustManager {
  /** What it shows. */
  static volatile KeyManager @Nullable [] shown;

  /** For the service loader. */
  public OwnTlsPlugin() {}

  @Override
  public String type() {
    return "OWN";
  }

  @Override
  public TrustManager[] getTrustManager(
      Configuration configuration, ExceptionFactory exceptions, HostAddress host) {
    return new TrustManager[] {this};
  }

  @Override
  public KeyManager @Nullable [] getKeyManager(
      Configuration configuration, ExceptionFactory exceptions) {
    return shown;
  }

  @Override
  public void verify(String host, SSLSession session, long thread) {}

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {}

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {}

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
