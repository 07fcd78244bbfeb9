package dev.weft.dataplane.origination;

import dev.weft.dataplane.IpText;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The subject alternative names of a certificate, as RFC 6125 and RFC 9525 compare them. The common
 * name counts nothing. Stateless.
 */
final class CertificateNames {
  private static final int DNS = 2;
  private static final int ADDRESS = 7;

  private CertificateNames() {}

  /**
   * Whether the certificate is for a name.
   *
   * @param name a host name, an IP address, or a URI or mail address letter by letter
   */
  static boolean cover(X509Certificate certificate, String name) throws CertificateException {
    byte[] address = IpText.parse(name);
    for (List<?> each : of(certificate)) {
      Object value = each.get(1);
      if (!(value instanceof String)) {
        continue;
      }
      int type = (Integer) each.get(0);
      if (type == ADDRESS || address != null) {
        if (type == ADDRESS && Arrays.equals(address, IpText.parse((String) value))) {
          return true;
        }
      } else if (type == DNS ? isHost((String) value, name) : value.equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** All names, for people. */
  static List<String> texts(X509Certificate certificate) throws CertificateException {
    List<String> texts = new ArrayList<>();
    for (List<?> each : of(certificate)) {
      if (each.get(1) instanceof String) {
        texts.add((String) each.get(1));
      }
    }
    return texts;
  }

  private static Collection<List<?>> of(X509Certificate certificate) throws CertificateException {
    @Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names == null ? Collections.<List<?>>emptyList() : names;
  }

  /**
   * A star stands for the whole first label and nothing else, and at least two labels follow it: no
   * authority vouches for all hosts of a top-level domain.
   */
  private static boolean isHost(String pattern, String host) {
    String wanted = withoutDot(host);
    String shown = withoutDot(pattern);
    if (!shown.startsWith("*.")) {
      return shown.equalsIgnoreCase(wanted);
    }
    int dot = wanted.indexOf('.');
    String parent = shown.substring(1);
    return dot > 0 && parent.indexOf('.', 1) > 0 && parent.equalsIgnoreCase(wanted.substring(dot));
  }

  private static String withoutDot(String name) {
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
