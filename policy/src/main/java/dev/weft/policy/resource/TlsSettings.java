package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectView;

/**
 * What the fields of a DestinationRule's {@code tls} demand of each other: Istio's own rules
 * (validateTLS), and a warning about what a mode has no use for.
 */
final class TlsSettings {
  private static final String[] OWN = {"clientCertificate", "privateKey"};
  private static final String[] OF_SERVERS = {"caCertificates", "caCrl", "insecureSkipVerify"};

  private TlsSettings() {}

  static void check(ObjectView tls) {
    switch (tls.text("mode")) {
      case "SIMPLE":
        checkOutside(tls);
        unused(tls, "SIMPLE shows no certificate; MUTUAL does", OWN);
        break;
      case "MUTUAL":
        checkOutside(tls);
        if (!said(tls, "credentialName")
            && !(said(tls, "clientCertificate") && said(tls, "privateKey"))) {
          tls.invalid("mode", "needs clientCertificate and privateKey with MUTUAL");
        }
        break;
      case "ISTIO_MUTUAL":
        String identities = "ISTIO_MUTUAL goes by the identities of the mesh";
        unused(tls, identities, OWN);
        unused(tls, identities, OF_SERVERS);
        if (said(tls, "sni") && !isIndicable(tls.text("sni"))) {
          tls.notInForce("sni", "a server name that is no host name");
        }
        break;
      default:
        String plain = "without TLS nobody shows or checks a certificate";
        unused(tls, plain, OWN);
        unused(tls, plain, OF_SERVERS);
        unused(tls, plain, "sni");
        if (tls.hasContent("subjectAltNames")) {
          tls.withoutEffect("subjectAltNames", "without TLS no server shows a name");
        }
        break;
    }
  }

  private static void checkOutside(ObjectView tls) {
    if (said(tls, "credentialName")) {
      for (String file :
          new String[] {"clientCertificate", "privateKey", "caCertificates", "caCrl"}) {
        if (said(tls, file)) {
          tls.invalid(file, "must not stand beside credentialName; keep one");
        }
      }
    }
    if (!tls.text("insecureSkipVerify").equalsIgnoreCase("true")) {
      return;
    }
    if (said(tls, "caCertificates")) {
      tls.invalid("caCertificates", "must not stand beside insecureSkipVerify; keep one");
    }
    if (tls.hasContent("subjectAltNames")) {
      tls.invalid("subjectAltNames", "must not stand beside insecureSkipVerify; keep one");
    }
    unused(tls, "with insecureSkipVerify no certificate of a server is checked", "caCrl");
  }

  /** Whether Java sends the name in a handshake. */
  private static boolean isIndicable(String name) {
    return Checks.hostName(name) == null;
  }

  private static void unused(ObjectView tls, String why, String... fields) {
    for (String field : fields) {
      if (said(tls, field)) {
        tls.withoutEffect(field, why);
      }
    }
  }

  /** Istio cannot tell an empty text, or false, from none. */
  private static boolean said(ObjectView tls, String field) {
    String text = tls.text(field);
    return !text.isEmpty() && !text.equalsIgnoreCase("false");
  }
}
