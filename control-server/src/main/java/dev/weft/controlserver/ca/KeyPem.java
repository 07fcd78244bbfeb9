package dev.weft.controlserver.ca;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.PBEParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * PEM text of certificates and EC private keys. With a passphrase a key becomes an RFC 5958
 * encrypted key (PBES2, AES-256, HMAC-SHA-256), which {@code openssl pkey} reads too.
 */
final class KeyPem {
  private static final String PBE = "PBEWithHmacSHA256AndAES_256";
  private static final int ITERATIONS = 600_000;

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
    random.nextBytes(salt);
    Cipher cipher = Cipher.getInstance(PBE);
    cipher.init(
        Cipher.ENCRYPT_MODE, derived(passphrase), new PBEParameterSpec(salt, ITERATIONS), random);
    AlgorithmParameters parameters = cipher.getParameters();
    byte[] sealed = cipher.doFinal(key.getEncoded());
    return block(
        "ENCRYPTED PRIVATE KEY", new EncryptedPrivateKeyInfo(parameters, sealed).getEncoded());
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
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(sealed);
      Cipher cipher = Cipher.getInstance(PBE);
      cipher.init(Cipher.DECRYPT_MODE, derived(passphrase), info.getAlgParameters());
      return cipher.doFinal(info.getEncryptedData());
    } catch (GeneralSecurityException wrong) {
      throw new IOException(
          "the passphrase in MESH_CA_PASSPHRASE_FILE does not open its key", wrong);
    }
  }

  private static SecretKey derived(char[] passphrase) throws GeneralSecurityException {
    return SecretKeyFactory.getInstance(PBE).generateSecret(new PBEKeySpec(passphrase));
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
