package dev.weft.dataplane.identity;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** Certificates and keys as PEM text (RFC 7468). Stateless. */
public final class Pem {
  private static final int LINE = 64;

  private Pem() {}

  /** Writes one block. */
  public static String write(String type, byte[] der) {
    String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  /** Writes certificates in order. */
  public static String write(Collection<X509Certificate> certificates)
      throws GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : certificates) {
      text.append(write("CERTIFICATE", certificate.getEncoded()));
    }
    return text.toString();
  }

  /**
   * Reads all certificates of a text, in order.
   *
   * @throws CertificateException when there is none, or one is damaged
   */
  public static List<X509Certificate> certificates(String text) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> all = new ArrayList<>();
    int at = 0;
    String begin = "-----BEGIN CERTIFICATE-----";
    String end = "-----END CERTIFICATE-----";
    for (int from = text.indexOf(begin, at); from >= 0; from = text.indexOf(begin, at)) {
      int to = text.indexOf(end, from);
      if (to < 0) {
        throw new CertificateException("a certificate block has no end");
      }
      String block = text.substring(from, to + end.length());
      all.add(
          (X509Certificate)
              factory.generateCertificate(
                  new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII))));
      at = to + end.length();
    }
    if (all.isEmpty()) {
      throw new CertificateException("no certificate found in PEM text");
    }
    return all;
  }

  /**
   * Reads an EC or RSA private key in PKCS#8.
   *
   * @throws GeneralSecurityException when there is none, or it is damaged
   */
  public static PrivateKey privateKey(String text) throws GeneralSecurityException {
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from < 0 || to < from) {
      throw new GeneralSecurityException("no PKCS#8 private key found in PEM text");
    }
    byte[] der;
    try {
      der = Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the private key is not Base64", e);
    }
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(der);
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (GeneralSecurityException notEc) {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    }
  }
}
