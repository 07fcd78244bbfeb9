package dev.weft.dataplane.identity;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/** Ordinary TLS with one server outside the mesh, as policy has it. Thread-safe. */
public interface OutsideTls {
  /**
   * Makes connections to that server; no session of it outlives the trust it was made under.
   *
   * @throws SSLException when the JVM makes no context
   */
  SSLContext context() throws SSLException;

  /**
   * Judges the server after a handshake: a resumed one asks no trust manager.
   *
   * @param chain as the server sent it, the leaf first
   * @throws CertificateException naming what is wrong
   */
  void verify(X509Certificate[] chain) throws CertificateException;
}
