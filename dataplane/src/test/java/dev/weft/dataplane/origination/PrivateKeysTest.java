package dev.weft.dataplane.origination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.identity.Pem;
import dev.weft.dataplane.identity.TestAuthority;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;

/** Keys as tools write them. */
class PrivateKeysTest {
  private final KeyPair rsa = TestAuthority.rsa(2048);
  private final KeyPair ec = TestAuthority.keys("secp384r1");

  private static byte[] traditional(KeyPair keys) throws Exception {
    return PrivateKeyInfo.getInstance(keys.getPrivate().getEncoded())
        .parsePrivateKey()
        .toASN1Primitive()
        .getEncoded();
  }

  @Test
  void pkcs8() throws Exception {
    for (KeyPair keys : new KeyPair[] {rsa, ec}) {
      String text = Pem.write("PRIVATE KEY", keys.getPrivate().getEncoded());
      assertThat(PrivateKeys.read("a word before\n" + text)).isEqualTo(keys.getPrivate());
    }
  }

  @Test
  void pkcs1() throws Exception {
    String text = Pem.write("RSA PRIVATE KEY", traditional(rsa));
    assertThat(PrivateKeys.read(text)).isEqualTo(rsa.getPrivate());
  }

  @Test
  void sec1WithItsCurve() throws Exception {
    byte[] named =
        new org.bouncycastle.asn1.sec.ECPrivateKey(
                384,
                ((ECPrivateKey) ec.getPrivate()).getS(),
                org.bouncycastle.asn1.sec.SECObjectIdentifiers.secp384r1)
            .getEncoded();
    String text =
        "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n"
            + Pem.write("EC PRIVATE KEY", named);
    ECPrivateKey read = (ECPrivateKey) PrivateKeys.read(text);
    assertThat(read.getS()).isEqualTo(((ECPrivateKey) ec.getPrivate()).getS());
    assertThat(read.getParams().getCurve())
        .isEqualTo(((ECPrivateKey) ec.getPrivate()).getParams().getCurve());
  }

  @Test
  void whatIsDamagedIsRefused() throws Exception {
    byte[] key = traditional(rsa);
    for (int length = 0; length < key.length; length += 7) {
      String rsaText = Pem.write("RSA PRIVATE KEY", Arrays.copyOf(key, length));
      String ecText = Pem.write("EC PRIVATE KEY", Arrays.copyOf(key, length));
      assertThatThrownBy(() -> PrivateKeys.read(rsaText))
          .isInstanceOf(GeneralSecurityException.class);
      assertThatThrownBy(() -> PrivateKeys.read(ecText))
          .isInstanceOf(GeneralSecurityException.class);
    }
    assertThat(PrivateKeys.isEncrypted(Pem.write("ENCRYPTED PRIVATE KEY", key))).isTrue();
  }
}
