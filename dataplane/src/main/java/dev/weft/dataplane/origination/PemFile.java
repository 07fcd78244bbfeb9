package dev.weft.dataplane.origination;

import dev.weft.dataplane.identity.Pem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

/** What one file of a policy held when it was read. Immutable; never to be logged. */
final class PemFile {
  /** Bundles of all public authorities have a quarter of it. */
  static final int LARGEST = 1 << 20;

  private final String field;
  private final String path;
  private final byte[] bytes;

  private PemFile(String field, String path, byte[] bytes) {
    this.field = field;
    this.path = path;
    this.bytes = bytes;
  }

  /**
   * Reads a file; blocks.
   *
   * @param field of the policy, for messages
   */
  static PemFile read(String field, String path) throws UnusableFileException {
    try {
      Path file = Paths.get(path);
      // A pipe or a device would be read for ever.
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new UnusableFileException(field, path, "is no regular file");
      }
      if (Files.size(file) > LARGEST) {
        throw new UnusableFileException(field, path, "is larger than 1 MiB");
      }
      return new PemFile(field, path, Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UnusableFileException(field, path, "does not exist");
    } catch (AccessDeniedException e) {
      throw new UnusableFileException(field, path, "may not be read by this process");
    } catch (InvalidPathException e) {
      throw new UnusableFileException(field, path, "is no path");
    } catch (IOException | SecurityException e) {
      throw new UnusableFileException(
          field, path, "cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  byte[] bytes() {
    return bytes;
  }

  private String text() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  List<X509Certificate> certificates() throws UnusableFileException {
    try {
      return Pem.certificates(text());
    } catch (GeneralSecurityException | RuntimeException e) {
      throw unusable("holds no certificates in PEM, or a damaged one");
    }
  }

  PrivateKey privateKey() throws UnusableFileException {
    try {
      return PrivateKeys.read(text());
    } catch (GeneralSecurityException | RuntimeException e) {
      throw unusable(
          PrivateKeys.isEncrypted(text())
              ? "holds an encrypted key, and the agent has no password for it"
              : "holds no EC or RSA key in PEM, or a damaged one");
    }
  }

  Collection<? extends CRL> revocations() throws UnusableFileException {
    Collection<? extends CRL> lists;
    try {
      lists = CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(bytes));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw unusable("holds a damaged revocation list");
    }
    if (lists.isEmpty()) {
      throw unusable("holds no revocation list");
    }
    return lists;
  }

  UnusableFileException unusable(String why) {
    return new UnusableFileException(field, path, why);
  }
}
