package dev.weft.dataplane.origination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.identity.TestAuthority;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names of certificates, compared as RFC 9525 says. */
class CertificateNamesTest {
  private static final X509Certificate CERTIFICATE =
      TestAuthority.root("root")
          .issue(
              leaf -> {
                leaf.uris = Collections.singletonList("https://example.org/a");
                leaf.dns =
                    Arrays.asList(
                        "example.com", "*.example.com", "*.net", "w*.example.org", "1.2.3.4");
                leaf.addresses = Arrays.asList("10.0.0.1", "2001:db8::1");
              })
          .leaf();

  @ParameterizedTest
  @CsvSource({
    "example.com, true",
    "EXAMPLE.com, true",
    "example.com., true",
    "www.example.com, true",
    "a.www.example.com, false",
    ".example.com, false",
    "wwwexample.com, false",
    "example.net, false",
    "www.example.org, false",
    "leaf, false",
    "10.0.0.1, true",
    "2001:db8:0::1, true",
    "10.0.0.2, false",
    "1.2.3.4, false",
    "https://example.org/a, true",
    "https://example.org/A, false",
    "'', false"
  })
  void aCertificateIsForItsNames(String name, boolean covered) throws Exception {
    assertThat(CertificateNames.cover(CERTIFICATE, name)).isEqualTo(covered);
  }
}
