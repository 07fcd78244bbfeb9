package dev.weft.controlserver.ca;

import dev.weft.controlserver.store.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The roots on disk. Each step of a rotation has one file whose appearance or disappearance
 * decides; what a crash leaves undone after it is done at the next start.
 */
final class RootFiles {
  static final Duration ROOT_LIFE = Duration.ofDays(3650);

  private final Path root;
  private final Path rootKey;
  private final Path next;
  private final Path nextKey;
  private final Path old;
  private final Path bridge;
  private final Path retired;
  private final char @Nullable [] passphrase;
  private final SecureRandom random;

  RootFiles(Path directory, char @Nullable [] passphrase, SecureRandom random) {
    root = directory.resolve("root.pem");
    rootKey = directory.resolve("root-key.pem");
    next = directory.resolve("next-root.pem");
    nextKey = directory.resolve("next-root-key.pem");
    old = directory.resolve("old-root.pem");
    bridge = directory.resolve("bridge.pem");
    retired = directory.resolve("retired-roots.pem");
    this.passphrase = passphrase;
    this.random = random;
  }

  /** Reads what there is; the first time, makes a root. */
  Roots load(CertificateSigner signer, String trustDomain)
      throws IOException, GeneralSecurityException {
    if (!Files.exists(root)) {
      Issuer fresh = signer.root("Weft root", trustDomain, ROOT_LIFE);
      // Key first: without root.pem the next start knows that nobody has seen this root yet.
      write(rootKey, KeyPem.key(fresh.key(), passphrase, random));
      write(root, KeyPem.certificate(fresh.certificate()));
    }
    if (Files.exists(old) && Files.exists(next)) {
      completePromotion();
    }
    X509Certificate signing = certificate(root);
    X509Certificate before = Files.exists(old) ? certificate(old) : null;
    return new Roots(
        signing,
        Files.exists(rootKey) ? new Issuer(signing, readKey(rootKey)) : null,
        Files.exists(next) ? new Issuer(certificate(next), readKey(nextKey)) : null,
        before,
        before != null && Files.exists(bridge) ? certificate(bridge) : null,
        Files.exists(retired) ? KeyPem.readCertificates(Files.readString(retired)) : List.of());
  }

  void prepare(Issuer fresh) throws IOException, GeneralSecurityException {
    write(nextKey, KeyPem.key(fresh.key(), passphrase, random));
    write(next, KeyPem.certificate(fresh.certificate()));
  }

  /**
   * Makes the next root the signing one.
   *
   * @param crossSigned the next root's certificate under the present one
   */
  void promote(X509Certificate crossSigned) throws IOException {
    write(bridge, KeyPem.certificate(crossSigned));
    // From here on it is decided.
    PrivateFiles.write(old, Files.readAllBytes(root));
    completePromotion();
  }

  private void completePromotion() throws IOException {
    if (Files.exists(nextKey)) {
      PrivateFiles.write(rootKey, Files.readAllBytes(nextKey));
    }
    PrivateFiles.write(root, Files.readAllBytes(next));
    Files.delete(next);
    Files.deleteIfExists(nextKey);
  }

  void finish() throws IOException {
    String before = Files.exists(retired) ? Files.readString(retired) : "";
    write(retired, before + Files.readString(old));
    Files.delete(old);
    Files.deleteIfExists(bridge);
  }

  PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
    if (PrivateFiles.openToOthers(file)) {
      throw new IOException(file + " may be read or written by others: chmod 600 " + file);
    }
    try {
      return KeyPem.readKey(Files.readString(file), passphrase);
    } catch (IOException e) {
      throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  private static X509Certificate certificate(Path file)
      throws IOException, GeneralSecurityException {
    return KeyPem.readCertificate(Files.readString(file));
  }

  static void write(Path file, String pem) throws IOException {
    PrivateFiles.write(file, pem.getBytes(StandardCharsets.US_ASCII));
  }
}
