package dev.weft.controlserver.ca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PBKDF2Params;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * PEM text of certificates and EC private keys. With a passphrase a key becomes an RFC 5958
 * encrypted key (PBES2, AES-256, HMAC-SHA-512), which {@code openssl pkey} reads too.
 */
final class KeyPem {
  /** OWASP's figure for PBKDF2 with HMAC-SHA-512. */
  private static final int ITERATIONS = 210_000;

  private static final int KEY_BITS = 256;
  private static final AlgorithmIdentifier HMAC_SHA512 =
      new AlgorithmIdentifier(PKCSObjectIdentifiers.id_hmacWithSHA512, DERNull.INSTANCE);

  private KeyPem() {}

  static String certificate(X509Certificate certificate) {
    try {
      return block("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a certificate cannot be encoded", impossible);
    }
  }

  static String key(PrivateKey key, char @Nullable [] passphrase, SecureRandom random)
      throws GeneralSecurityException, IOException {
    if (passphrase == null) {
      return block("PRIVATE KEY", key.getEncoded());
    }
    byte[] salt = new byte[16];
    byte[] iv = new byte[16];
    random.nextBytes(salt);
    random.nextBytes(iv);
    PBKDF2Params derivation = new PBKDF2Params(salt, ITERATIONS, KEY_BITS / 8, HMAC_SHA512);
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE, passphrase, derivation, iv);
    PBES2Parameters scheme =
        new PBES2Parameters(
            new KeyDerivationFunc(PKCSObjectIdentifiers.id_PBKDF2, derivation),
            new EncryptionScheme(NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(iv)));
    return block(
        "ENCRYPTED PRIVATE KEY",
        new EncryptedPrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, scheme),
                cipher.doFinal(key.getEncoded()))
            .getEncoded("DER"));
  }

  static X509Certificate readCertificate(String pem) throws GeneralSecurityException, IOException {
    byte[] der = find(pem, "CERTIFICATE");
    if (der == null) {
      throw new IOException("it holds no certificate");
    }
    Certificate certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    return (X509Certificate) certificate;
  }

  /** All certificates in a text, in order. */
  static List<X509Certificate> readCertificates(String pem)
      throws GeneralSecurityException, IOException {
    List<X509Certificate> all = new ArrayList<>();
    for (String block : pem.split("(?<=-----END CERTIFICATE-----)")) {
      if (!block.isBlank()) {
        all.add(readCertificate(block));
      }
    }
    return List.copyOf(all);
  }

  /**
   * @throws IOException when there is no key, a passphrase is missing, or it does not open the key
   */
  static PrivateKey readKey(String pem, char @Nullable [] passphrase)
      throws GeneralSecurityException, IOException {
    byte[] plain = find(pem, "PRIVATE KEY");
    if (plain == null) {
      byte[] sealed = find(pem, "ENCRYPTED PRIVATE KEY");
      if (sealed == null) {
        throw new IOException("it holds no private key");
      }
      if (passphrase == null) {
        throw new IOException("its key is encrypted: set MESH_CA_PASSPHRASE_FILE");
      }
      plain = open(sealed, passphrase);
    }
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(plain));
  }

  private static byte[] open(byte[] sealed, char[] passphrase) throws IOException {
    try {
      EncryptedPrivateKeyInfo info = EncryptedPrivateKeyInfo.getInstance(sealed);
      PBES2Parameters scheme =
          PBES2Parameters.getInstance(info.getEncryptionAlgorithm().getParameters());
      PBKDF2Params derivation =
          PBKDF2Params.getInstance(scheme.getKeyDerivationFunc().getParameters());
      byte[] iv =
          ASN1OctetString.getInstance(scheme.getEncryptionScheme().getParameters()).getOctets();
      return cipher(Cipher.DECRYPT_MODE, passphrase, derivation, iv)
          .doFinal(info.getEncryptedData());
    } catch (GeneralSecurityException | IllegalArgumentException wrong) {
      throw new IOException(
          "the passphrase in MESH_CA_PASSPHRASE_FILE does not open its key", wrong);
    }
  }

  private static Cipher cipher(int mode, char[] passphrase, PBKDF2Params derivation, byte[] iv)
      throws GeneralSecurityException {
    PBEKeySpec spec =
        new PBEKeySpec(
            passphrase,
            derivation.getSalt(),
            derivation.getIterationCount().intValueExact(),
            KEY_BITS);
    byte[] key =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512").generateSecret(spec).getEncoded();
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(iv));
    return cipher;
  }

  private static String block(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static byte @Nullable [] find(String pem, String label) {
    Matcher found =
        Pattern.compile(
                "-----BEGIN " + label + "-----([A-Za-z0-9+/=\\s]*)-----END " + label + "-----")
            .matcher(pem);
    return found.find()
        ? Base64.getMimeDecoder().decode(found.group(1).getBytes(StandardCharsets.US_ASCII))
        : null;
  }
}
