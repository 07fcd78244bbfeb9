package dev.weft.controlserver.ca;

import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.store.PrivateFiles;
import dev.weft.controlserver.store.StoreException;
import java.io.IOException;
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
import java.util.HexFormat;
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
 * intermediate with its key, in one file so that replacing it is atomic; further ones while the
 * root is replaced ({@link RootFiles}). Thread-safe.
 */
public final class CertificateAuthority {
  private static final Duration ISSUER_LIFE = Duration.ofDays(365);

  private final String trustDomain;
  private final RootFiles files;
  private final CertificateSigner signer;
  private final Clock clock;
  private final Path issuerFile;
  private final char @Nullable [] passphrase;
  private final SecureRandom random;
  private volatile Roots roots;
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
    files = new RootFiles(directory, passphrase, random);
    roots = files.load(signer, trustDomain);
    Issuer found = Files.exists(issuerFile) ? readIssuer() : null;
    // One under another root is what a promotion leaves that was cut off by a crash.
    issuer = found == null || !isUnder(found.certificate(), roots.signing()) ? newIssuer() : found;
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

  /** The root that signs. */
  public X509Certificate root() {
    return roots.signing();
  }

  public RotationPhase phase() {
    return roots.phase();
  }

  /** The roots that the mesh trusts, the newest last. */
  public List<X509Certificate> roots() {
    return roots.trusted();
  }

  public X509Certificate intermediate() {
    return issuer.certificate();
  }

  /** What peers trust, as PEM. */
  public List<String> trustBundle() {
    return roots.trusted().stream().map(KeyPem::certificate).toList();
  }

  /** Base64url of the SHA-256 of the root's DER, as tokens carry it. */
  public byte[] rootFingerprint() {
    try {
      return MessageDigest.getInstance("SHA-256").digest(root().getEncoded());
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
      List<X509Certificate> chain = new ArrayList<>(List.of(leaf, current.certificate()));
      chain.addAll(roots.proof());
      return new ServerIdentity(pair.getPrivate(), List.copyOf(chain));
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
    if (clock.instant().isBefore(due) || roots.key() == null) {
      return;
    }
    if (!clock.instant().isBefore(root().getNotAfter().toInstant())
        || !end.isBefore(root().getNotAfter().toInstant())) {
      // The root ends first: a new intermediate would end no later than this one.
      return;
    }
    try {
      issuer = newIssuer();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("the issuing certificate could not be renewed", e);
    }
  }

  /**
   * Makes the next root and trusts it beside the present one.
   *
   * @throws IllegalStateException saying why not, when the phase is another
   */
  public synchronized void prepareRoot() {
    roots.phase().require(RotationPhase.STABLE);
    try {
      String mark = HexFormat.of().toHexDigits(random.nextInt());
      Issuer fresh = signer.root("Weft root " + mark, trustDomain, RootFiles.ROOT_LIFE);
      files.prepare(fresh);
      roots = files.load(signer, trustDomain);
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException("the next root could not be made: " + e.getMessage(), e);
    }
  }

  /**
   * Lets the next root sign; the present one stays trusted.
   *
   * @throws IllegalStateException saying why not
   */
  public synchronized void promoteRoot() {
    roots.phase().require(RotationPhase.PREPARED);
    Issuer present = roots.key();
    Issuer next = roots.next();
    if (present == null || next == null) {
      throw new IllegalStateException(
          "root-key.pem is not there, which must sign the next root: put it back and restart");
    }
    try {
      files.promote(signer.crossSign(present, next.certificate()));
      roots = files.load(signer, trustDomain);
      issuer = newIssuer();
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException(
          "the next root could not be put in force: " + e.getMessage() + "; restart the server", e);
    }
  }

  /**
   * Trusts the old root no more.
   *
   * @throws IllegalStateException saying why not, when the phase is another
   */
  public synchronized void finishRotation() {
    roots.phase().require(RotationPhase.PROMOTED);
    try {
      files.finish();
      roots = files.load(signer, trustDomain);
    } catch (IOException | GeneralSecurityException e) {
      throw new StoreException("the old root could not be removed: " + e.getMessage(), e);
    }
  }

  /** Whether {@code intermediate} is below a root that was ever this mesh's. */
  boolean everIssued(X509Certificate intermediate) {
    Roots now = roots;
    return now.trusted().stream().anyMatch(root -> isUnder(intermediate, root))
        || now.retired().stream().anyMatch(root -> isUnder(intermediate, root));
  }

  /**
   * Whether {@code intermediate}, which {@link #everIssued} accepted, is below a root that is
   * trusted now. By key identifier, for this is asked with each request.
   */
  boolean stillTrusts(X509Certificate intermediate) {
    Roots now = roots;
    return now.retired().isEmpty()
        || now.trusted().stream().anyMatch(root -> CertificateSigner.names(intermediate, root));
  }

  /** Whether {@code intermediate}, which is trusted, is below the root that signs now. */
  boolean signsUnder(X509Certificate intermediate) {
    return CertificateSigner.names(intermediate, roots.signing());
  }

  private static boolean isUnder(X509Certificate certificate, X509Certificate root) {
    try {
      certificate.verify(root.getPublicKey());
      return true;
    } catch (GeneralSecurityException another) {
      return false;
    }
  }

  private Issuer readIssuer() throws IOException, GeneralSecurityException {
    return new Issuer(
        KeyPem.readCertificate(Files.readString(issuerFile)), files.readKey(issuerFile));
  }

  private Issuer newIssuer() throws GeneralSecurityException, IOException {
    Issuer key = roots.key();
    if (key == null) {
      throw new IOException(
          "issuer.pem is missing or another root's, and root-key.pem that could sign a new one is"
              + " missing: restore one of them");
    }
    Issuer fresh = signer.intermediate(key, trustDomain, ISSUER_LIFE);
    RootFiles.write(
        issuerFile,
        KeyPem.certificate(fresh.certificate()) + KeyPem.key(fresh.key(), passphrase, random));
    return fresh;
  }
}
