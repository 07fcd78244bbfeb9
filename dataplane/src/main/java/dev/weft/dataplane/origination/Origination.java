package dev.weft.dataplane.origination;

import dev.weft.dataplane.identity.OwnKey;
import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of one policy with servers outside the mesh. Its files are read by {@link #look}, off the
 * request path; while they are unusable what was read before stays, and before that nothing is
 * there, so that calls are refused. Thread-safe.
 */
public final class Origination {
  private final TlsMode mode;
  private final TlsOrigination policy;
  private final List<String> names;
  private final LongSupplier numbers;
  private final Consumer<String> log;
  private byte @Nullable [] seen;
  private volatile @Nullable OutsideCredentials current;
  private volatile @Nullable String problem;

  /**
   * @param names of which a server must have one; empty for the name that is called
   * @param numbers gives each server name under each set of credentials its own
   */
  Origination(
      TlsMode mode,
      TlsOrigination policy,
      List<String> names,
      LongSupplier numbers,
      Consumer<String> log) {
    this.mode = mode;
    this.policy = policy;
    this.names = names;
    this.numbers = numbers;
    this.log = log;
  }

  /** What is in force; null while nothing usable was read, for the reason in {@link #problem}. */
  public @Nullable OutsideCredentials current() {
    return current;
  }

  /** What is wrong with the files as they are now; null when nothing is. */
  public @Nullable String problem() {
    return problem;
  }

  /** Reads the files, and takes what they hold if it is new and usable. Blocks. */
  synchronized void look() {
    try {
      Files files = new Files(policy);
      byte[] now = files.digest();
      if (current == null || !Arrays.equals(now, seen)) {
        OwnKey key = mode == TlsMode.MUTUAL ? files.ownKey() : null;
        current = new OutsideCredentials(numbers, policy, names, files.issuers(policy), key);
        seen = now;
      }
      say(null);
    } catch (UnusableFileException e) {
      say(e.getMessage());
    } catch (GeneralSecurityException | RuntimeException e) {
      say("the authorities that this JVM trusts cannot be read (" + e.getMessage() + ")");
    }
  }

  private void say(@Nullable String what) {
    if (what != null && !what.equals(problem)) {
      log.accept(
          "TLS origination: "
              + what
              + (current == null
                  ? "; calls that need it are refused"
                  : "; what was read before stays in force"));
    }
    problem = what;
  }

  /** The files of the policy, as they were at one time. */
  private static final class Files {
    private final @Nullable PemFile authorities;
    private final @Nullable PemFile revoked;
    private final @Nullable PemFile certificate;
    private final @Nullable PemFile key;

    Files(TlsOrigination policy) throws UnusableFileException {
      authorities = read("caCertificates", policy.caCertificates);
      revoked = read("caCrl", policy.caCrl);
      certificate = read("clientCertificate", policy.clientCertificate);
      key = read("privateKey", policy.privateKey);
    }

    private static @Nullable PemFile read(String field, String path) throws UnusableFileException {
      return path.isEmpty() ? null : PemFile.read(field, path);
    }

    byte[] digest() throws GeneralSecurityException {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      if (authorities == null) {
        digest.update(Issuers.stampOfJvm().getBytes(StandardCharsets.UTF_8));
      }
      for (PemFile file : new @Nullable PemFile[] {authorities, revoked, certificate, key}) {
        // Hashed by itself first, so that what moves from one file to the next shows.
        byte[] bytes = file == null ? new byte[0] : file.bytes();
        digest.update(MessageDigest.getInstance("SHA-256").digest(bytes));
      }
      return digest.digest();
    }

    @Nullable X509ExtendedTrustManager issuers(TlsOrigination policy)
        throws UnusableFileException, GeneralSecurityException {
      if (policy.insecureSkipVerify) {
        return null;
      }
      if (authorities == null && revoked == null) {
        return Issuers.ofJvm();
      }
      List<X509Certificate> anchors =
          authorities == null ? Issuers.anchorsOfJvm() : authorities.certificates();
      Collection<? extends CRL> lists = revoked == null ? null : revoked.revocations();
      return Issuers.of(anchors, lists);
    }

    OwnKey ownKey() throws UnusableFileException {
      if (certificate == null || key == null) {
        throw new UnusableFileException("MUTUAL", "needs", "clientCertificate and privateKey");
      }
      List<X509Certificate> chain = certificate.certificates();
      PrivateKey own = key.privateKey();
      if (!belong(own, chain.get(0))) {
        throw key.unusable("does not hold the key of clientCertificate");
      }
      return OwnKey.of(own, chain);
    }

    /** The two are files of their own, and one may have been replaced before the other. */
    private static boolean belong(PrivateKey key, X509Certificate certificate) {
      String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      byte[] text = {1, 2, 3};
      try {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certificate.getPublicKey());
        signature.update(text);
        return signature.verify(signed);
      } catch (GeneralSecurityException e) {
        return false;
      }
    }
  }
}
