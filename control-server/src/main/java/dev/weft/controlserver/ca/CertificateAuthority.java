package dev.weft.controlserver.ca;

import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.store.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.util.IPAddress;
import org.jspecify.annotations.Nullable;

/**
 * The mesh's certificate authority: a root, and an intermediate that signs everything.
 *
 * <p>Files in its directory (0700): {@code root.pem} the root certificate, {@code root-key.pem} its
 * key (needed only to make an intermediate; may be taken off the machine), {@code issuer.pem} the
 * intermediate with its key, in one file so that replacing it is atomic. Thread-safe.
 */
public final class CertificateAuthority {
  private static final Duration ROOT_LIFE = Duration.ofDays(3650);
  private static final Duration ISSUER_LIFE = Duration.ofDays(365);

  private final String trustDomain;
  private final X509Certificate root;
  private final @Nullable Issuer rootIssuer;
  private final CertificateSigner signer;
  private final Clock clock;
  private final Path issuerFile;
  private final char @Nullable [] passphrase;
  private final SecureRandom random;
  private volatile Issuer issuer;

  private CertificateAuthority(
      Path directory,
      String trustDomain,
      char @Nullable [] passphrase,
      Clock clock,
      SecureRandom random)
      throws IOException, GeneralSecurityException {
    this.trustDomain = trustDomain;
    this.passphrase = passphrase;
    this.random = random;
    this.clock = clock;
    signer = new CertificateSigner(clock, random);
    issuerFile = directory.resolve("issuer.pem");
    Path rootFile = directory.resolve("root.pem");
    Path rootKeyFile = directory.resolve("root-key.pem");
    if (Files.exists(rootFile)) {
      root = KeyPem.readCertificate(Files.readString(rootFile));
      rootIssuer = Files.exists(rootKeyFile) ? new Issuer(root, readKey(rootKeyFile)) : null;
    } else {
      Issuer fresh = signer.root(trustDomain, ROOT_LIFE);
      // Key first: without root.pem the next start knows that nobody has seen this root yet.
      write(rootKeyFile, KeyPem.key(fresh.key(), passphrase, random));
      write(rootFile, KeyPem.certificate(fresh.certificate()));
      root = fresh.certificate();
      rootIssuer = fresh;
    }
    if (Files.exists(issuerFile)) {
      X509Certificate certificate = KeyPem.readCertificate(Files.readString(issuerFile));
      certificate.verify(root.getPublicKey());
      issuer = new Issuer(certificate, readKey(issuerFile));
    } else {
      issuer = newIssuer();
    }
    renewIssuerWhenDue();
  }

  /**
   * Opens the authority in {@code directory}, creating what is missing.
   *
   * @param passphrase encrypts the keys at rest, or null to rely on file modes
   * @throws StartupException when the files cannot be read or written, or do not fit together
   */
  public static CertificateAuthority open(
      Path directory,
      String trustDomain,
      char @Nullable [] passphrase,
      Clock clock,
      SecureRandom random) {
    WorkloadIdentity.requireTrustDomain(trustDomain);
    try {
      PrivateFiles.directory(directory);
      return new CertificateAuthority(directory, trustDomain, passphrase, clock, random);
    } catch (IOException | GeneralSecurityException e) {
      throw new StartupException(
          "the certificate authority in " + directory + " cannot be opened: " + e.getMessage(), e);
    }
  }

  public String trustDomain() {
    return trustDomain;
  }

  public X509Certificate root() {
    return root;
  }

  public X509Certificate intermediate() {
    return issuer.certificate();
  }

  /** What peers trust, as PEM. */
  public List<String> trustBundle() {
    return List.of(KeyPem.certificate(root));
  }

  /** Base64url of the SHA-256 of the root's DER, as tokens carry it. */
  public byte[] rootFingerprint() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(root.getEncoded());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * Issues an X.509-SVID for {@code identity} on {@code key}. It ends after {@code life} or with
   * its issuer, whichever comes first.
   *
   * @throws IllegalStateException when the issuer has expired
   */
  public IssuedCertificate issue(WorkloadIdentity identity, PublicKey key, Duration life) {
    Issuer current = issuer;
    GeneralNames names =
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, identity.uri()));
    try {
      return new IssuedCertificate(signer.leaf(current, key, names, life), current.certificate());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(
          "the certificate of " + identity.uri() + " could not be issued", e);
    }
  }

  /**
   * A certificate for this server on a new key, naming {@code hosts} (DNS names and literal IP
   * addresses).
   */
  public ServerIdentity issueServer(List<String> hosts, Duration life) {
    List<GeneralName> names = new ArrayList<>();
    for (String host : hosts) {
      int kind = IPAddress.isValid(host) ? GeneralName.iPAddress : GeneralName.dNSName;
      names.add(new GeneralName(kind, host));
    }
    Issuer current = issuer;
    try {
      KeyPair pair = signer.newKey();
      X509Certificate leaf =
          signer.leaf(
              current, pair.getPublic(), new GeneralNames(names.toArray(new GeneralName[0])), life);
      // The root goes along: an agent that knows only its fingerprint takes it from this chain.
      return new ServerIdentity(pair.getPrivate(), List.of(leaf, current.certificate(), root));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the server's own certificate could not be issued", e);
    }
  }

  /**
   * Replaces the intermediate in the last third of its life; without the root's key this can only
   * fail later.
   */
  public synchronized void renewIssuerWhenDue() {
    Instant start = issuer.certificate().getNotBefore().toInstant();
    Instant end = issuer.certificate().getNotAfter().toInstant();
    Instant due = end.minus(Duration.between(start, end).dividedBy(3));
    if (clock.instant().isBefore(due) || rootIssuer == null) {
      return;
    }
    if (!clock.instant().isBefore(root.getNotAfter().toInstant())
        || !end.isBefore(root.getNotAfter().toInstant())) {
      // The root ends first: a new intermediate would end no later than this one.
      return;
    }
    try {
      issuer = newIssuer();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the issuing certificate could not be renewed", e);
    }
  }

  private Issuer newIssuer() throws GeneralSecurityException, IOException {
    if (rootIssuer == null) {
      throw new IOException(
          "issuer.pem is missing and so is root-key.pem that could sign a new one: restore one of them");
    }
    Issuer fresh = signer.intermediate(rootIssuer, trustDomain, ISSUER_LIFE);
    write(
        issuerFile,
        KeyPem.certificate(fresh.certificate()) + KeyPem.key(fresh.key(), passphrase, random));
    return fresh;
  }

  private java.security.PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
    if (PrivateFiles.openToOthers(file)) {
      throw new IOException(file + " may be read or written by others: chmod 600 " + file);
    }
    try {
      return KeyPem.readKey(Files.readString(file), passphrase);
    } catch (IOException e) {
      throw new IOException(file.getFileName() + ": " + e.getMessage(), e);
    }
  }

  private static void write(Path file, String pem) throws IOException {
    PrivateFiles.write(file, pem.getBytes(StandardCharsets.US_ASCII));
  }
}
