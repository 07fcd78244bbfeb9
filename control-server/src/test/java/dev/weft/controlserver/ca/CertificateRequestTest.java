package dev.weft.controlserver.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlserver.TestPki;
import java.lang.management.ManagementFactory;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CertificateRequestTest {
  @Test
  void takesTheKeysThatAreAccepted() throws Exception {
    for (KeyPair key :
        new KeyPair[] {TestPki.ec("secp256r1"), TestPki.ec("secp384r1"), TestPki.rsa(2048)}) {
      assertThat(CertificateRequest.parse(TestPki.csr(key)).publicKey()).isEqualTo(key.getPublic());
    }
  }

  @Test
  void refusesEveryOtherRequestCheaply() {
    KeyPair good = TestPki.ec("secp256r1");
    KeyPair other = TestPki.ec("secp256r1");
    Map<String, byte[]> hostile = new LinkedHashMap<>();
    hostile.put("RSA 1024", TestPki.csr(TestPki.rsa(1024)));
    hostile.put("P-521", TestPki.csr(TestPki.ec("secp521r1")));
    hostile.put("signed by another key", TestPki.greedyCsr(good, other, "SHA256withECDSA"));
    hostile.put("SHA-1", TestPki.greedyCsr(good, good, "SHA1withECDSA"));
    hostile.put("nothing", new byte[0]);
    hostile.put("1 MiB", new byte[1024 * 1024]);
    byte[] garbage = new byte[4000];
    new Random(7).nextBytes(garbage);
    hostile.put("garbage", garbage);
    byte[] deep = new byte[CertificateRequest.MAX_BYTES];
    Arrays.fill(deep, (byte) 0x30);
    hostile.put("nested without end", deep);
    byte[] honest = TestPki.csr(good);
    hostile.put("cut short", Arrays.copyOf(honest, honest.length / 2));
    hostile.forEach(
        (name, der) -> {
          long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
          assertThatThrownBy(() -> CertificateRequest.parse(der))
              .as(name)
              .isInstanceOf(CsrException.class);
          long millis =
              (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1_000_000;
          System.out.println("CSR refused: " + name + ", " + millis + " ms of CPU");
          // 50 ms is the promise; the first of a kind also loads its classes.
          assertThat(millis).as(name).isLessThan(500);
        });
  }

  @Test
  void takesNoOtherKeyFromARequestWithAFlippedByte() {
    KeyPair key = TestPki.ec("secp256r1");
    byte[] honest = TestPki.csr(key);
    for (int i = 0; i < honest.length; i++) {
      byte[] changed = honest.clone();
      changed[i] ^= 0x55;
      try {
        // What is not covered by the signature may change; the key may not.
        assertThat(CertificateRequest.parse(changed).publicKey()).isEqualTo(key.getPublic());
      } catch (CsrException expected) {
        // Anything but this exception fails the test.
      }
    }
  }
}
