package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.junit.jupiter.api.Test;

class SvidRequestTest {
  @Test
  void provesPossessionAndNamesNobody() throws Exception {
    SvidRequest request = SvidRequest.create();
    PKCS10CertificationRequest read = new PKCS10CertificationRequest(request.der());
    assertThat(
            read.isSignatureValid(
                new JcaContentVerifierProviderBuilder().build(request.keys().getPublic())))
        .isTrue();
    assertThat(read.getSubjectPublicKeyInfo().getEncoded())
        .isEqualTo(request.keys().getPublic().getEncoded());
    assertThat(read.getSubject().getRDNs()).isEmpty();
    assertThat(read.getAttributes()).isEmpty();
    assertThat(read.getEncoded()).as("in DER").isEqualTo(request.der());
  }

  @Test
  void everyRequestHasAKeyOfItsOwn() throws GeneralSecurityException {
    assertThat(SvidRequest.create().keys().getPublic())
        .isNotEqualTo(SvidRequest.create().keys().getPublic());
  }

  @Test
  void pemGoesThereAndBack() throws Exception {
    TestAuthority root = TestAuthority.root("root");
    Svid svid = root.intermediate("issuer").issue("spiffe://cluster.local/ns/a/sa/b");
    assertThat(Pem.certificates("a comment\n" + Pem.write(svid.chain()) + "\n"))
        .isEqualTo(svid.chain());
    assertThat(Pem.privateKey(Pem.write("PRIVATE KEY", svid.key().getEncoded())))
        .isEqualTo(svid.key());
    assertThat(svid.toString()).doesNotContainIgnoringCase("key");
  }

  @Test
  void damagedPemIsRefused() {
    for (String text :
        Arrays.asList(
            "",
            "-----BEGIN CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n")) {
      assertThatThrownBy(() -> Pem.certificates(text))
          .as(text)
          .isInstanceOf(CertificateException.class);
    }
    assertThatThrownBy(() -> Pem.privateKey("-----BEGIN PRIVATE KEY-----"))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(
            () -> Pem.privateKey("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"))
        .isInstanceOf(GeneralSecurityException.class);
  }
}
