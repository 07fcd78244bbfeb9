package dev.weft.dataplane.origination;

import java.io.File;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.cert.CRL;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXRevocationChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Makes the JVM's own judges of certificate chains. Stateless. */
final class Issuers {
  private Issuers() {}

  /**
   * Changes with what {@link #ofJvm} reads: applications say where their trust store is when they
   * are already running, and replace it.
   */
  static String stampOfJvm() {
    String store = System.getProperty("javax.net.ssl.trustStore");
    StringBuilder stamp = new StringBuilder(String.valueOf(store));
    for (String setting : new String[] {"Type", "Provider", "Password"}) {
      // Its hash: a password is not to be kept.
      stamp
          .append(' ')
          .append(Objects.hashCode(System.getProperty("javax.net.ssl.trustStore" + setting)));
    }
    File folder = new File(System.getProperty("java.home"), "lib/security");
    File[] files =
        store == null
            ? new File[] {new File(folder, "jssecacerts"), new File(folder, "cacerts")}
            : new File[] {new File(store)};
    for (File file : files) {
      stamp.append(' ').append(file.lastModified()).append('/').append(file.length());
    }
    return stamp.toString();
  }

  /** Trusts what this JVM trusts by itself; reads its trust store. */
  static X509ExtendedTrustManager ofJvm() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    return judge(factory);
  }

  /**
   * Trusts these.
   *
   * @param revoked lists of all issuers in a chain, without which none is accepted; null asks none
   */
  static X509ExtendedTrustManager of(
      List<X509Certificate> anchors, @Nullable Collection<? extends CRL> revoked)
      throws GeneralSecurityException {
    Set<TrustAnchor> trusted = new HashSet<>();
    for (X509Certificate anchor : anchors) {
      trusted.add(new TrustAnchor(anchor, null));
    }
    PKIXBuilderParameters parameters = new PKIXBuilderParameters(trusted, new X509CertSelector());
    parameters.setRevocationEnabled(revoked != null);
    if (revoked != null) {
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(revoked)));
      PKIXRevocationChecker checker =
          (PKIXRevocationChecker) CertPathBuilder.getInstance("PKIX").getRevocationChecker();
      checker.setOptions(
          EnumSet.of(
              PKIXRevocationChecker.Option.PREFER_CRLS, PKIXRevocationChecker.Option.NO_FALLBACK));
      parameters.addCertPathChecker(checker);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(new CertPathTrustManagerParameters(parameters));
    return judge(factory);
  }

  /** The certificates that this JVM trusts by itself. */
  static List<X509Certificate> anchorsOfJvm() throws GeneralSecurityException {
    return Arrays.asList(ofJvm().getAcceptedIssuers());
  }

  private static X509ExtendedTrustManager judge(TrustManagerFactory factory)
      throws InvalidAlgorithmParameterException {
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509ExtendedTrustManager) {
        return (X509ExtendedTrustManager) manager;
      }
    }
    throw new InvalidAlgorithmParameterException("no trust manager that knows connections");
  }
}
