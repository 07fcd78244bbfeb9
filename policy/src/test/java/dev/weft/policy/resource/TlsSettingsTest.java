package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What DestinationRules say about TLS with servers outside the mesh. */
final class TlsSettingsTest {
  private static ReadResult read(String trafficPolicy) {
    String text =
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\n"
            + "spec: {host: api.example.com, trafficPolicy: {"
            + trafficPolicy
            + "}, subsets: [{name: v1, trafficPolicy: {loadBalancer: {simple: RANDOM}}}]}\n";
    return ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
  }

  private static TrafficPolicy policy(String tls) {
    ReadResult read = read("tls: {" + tls + "}");
    assertThat(read.problems()).as(tls).isEmpty();
    return read.resources().get(0).spec(DestinationRuleSpec.class).trafficPolicy;
  }

  private static String problems(String tls) {
    return read("tls: {" + tls + "}").problems().toString();
  }

  private static String warnings(String tls) {
    ReadResult read = read("tls: {" + tls + "}");
    assertThat(read.problems()).as(tls).isEmpty();
    return read.resources().get(0).warnings().toString();
  }

  @Test
  void simpleSaysWhomToTrust() {
    TrafficPolicy policy =
        policy("mode: SIMPLE, sni: a.b, caCertificates: /ca, caCrl: /crl, subjectAltNames: [a, b]");
    assertThat(policy.tls).isEqualTo(TlsMode.SIMPLE);
    assertThat(policy.origination)
        .isEqualTo(TlsOrigination.builder().sni("a.b").caCertificates("/ca").caCrl("/crl").build());
    assertThat(policy.subjectAltNames).isEqualTo(Arrays.asList("a", "b"));
    assertThat(policy("mode: SIMPLE").origination).isEqualTo(TlsOrigination.defaults());
    assertThat(policy("mode: SIMPLE, insecureSkipVerify: true").origination.insecureSkipVerify)
        .isTrue();
    assertThat(policy("mode: SIMPLE, insecureSkipVerify: null").origination.insecureSkipVerify)
        .isFalse();
  }

  @Test
  void mutualSaysWhatToShow() {
    TlsOrigination origination =
        policy("mode: MUTUAL, clientCertificate: /c, privateKey: /k").origination;
    assertThat(origination)
        .isEqualTo(TlsOrigination.builder().clientCertificate("/c").privateKey("/k").build());
    assertThat(problems("mode: MUTUAL, clientCertificate: /c"))
        .contains("tls.mode: needs clientCertificate and privateKey");
    assertThat(problems("mode: MUTUAL, clientCertificate: /c, privateKey: ''"))
        .contains("tls.mode: needs clientCertificate and privateKey");
  }

  @Test
  void namesOfAnEntryOutsideAreForWhatIsCalledByHttp() {
    assertThat(entry("HTTP").warnings()).isEmpty();
    assertThat(entry("HTTP").spec(ServiceEntrySpec.class).subjectAltNames).containsExactly("a");
    assertThat(entry("HTTPS").warnings().toString())
        .contains("subjectAltNames: has no effect: the TLS is the application's own");
  }

  private static Resource entry(String protocol) {
    String text =
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a}\nspec: {hosts:"
            + " [api.example.com], resolution: DNS, subjectAltNames: [a], ports: [{number: 443, name:"
            + " a, protocol: "
            + protocol
            + "}]}\n";
    ReadResult read =
        ResourceReader.read("a.yaml", text.getBytes(StandardCharsets.UTF_8), "default");
    assertThat(read.problems()).isEmpty();
    return read.resources().get(0);
  }

  @Test
  void portsAndSubsetsHaveTheirs() {
    ReadResult read =
        read(
            "tls: {mode: SIMPLE, sni: whole}, portLevelSettings: [{port: {number: 80},"
                + " tls: {mode: SIMPLE, sni: port}}]");
    DestinationRuleSpec spec = read.resources().get(0).spec(DestinationRuleSpec.class);
    assertThat(spec.trafficPolicy.origination.sni).isEqualTo("whole");
    assertThat(spec.trafficPolicy.ports.get(80).origination.sni).isEqualTo("port");
    assertThat(spec.subsets.get(0).trafficPolicy.tls).isEqualTo(TlsMode.SIMPLE);
    assertThat(spec.subsets.get(0).trafficPolicy.origination.sni).isEqualTo("whole");
  }

  @Test
  void whatDoesNotGoTogetherIsInvalid() {
    assertThat(problems("mode: SIMPLE, insecureSkipVerify: true, caCertificates: /ca"))
        .contains("tls.caCertificates: must not stand beside insecureSkipVerify");
    assertThat(problems("mode: SIMPLE, insecureSkipVerify: true, subjectAltNames: [a]"))
        .contains("tls.subjectAltNames: must not stand beside insecureSkipVerify");
    assertThat(problems("mode: SIMPLE, credentialName: a, caCertificates: /ca"))
        .contains("tls.caCertificates: must not stand beside credentialName");
  }

  @Test
  void aSecretOfKubernetesIsRefusedWithWhatToDo() {
    assertThat(problems("mode: SIMPLE, credentialName: a"))
        .contains("tls.credentialName: a Kubernetes Secret, which no agent reads; mount it")
        .contains("name its files in caCertificates, clientCertificate and privateKey");
  }

  @Test
  void whatAModeHasNoUseForIsToldAndLeftOut() {
    String all =
        ", clientCertificate: /c, privateKey: /k, caCertificates: /ca, caCrl: /crl,"
            + " insecureSkipVerify: true";
    for (String mode : new String[] {"DISABLE", "ISTIO_MUTUAL"}) {
      assertThat(warnings("mode: " + mode + all))
          .contains("tls.clientCertificate: has no effect", "tls.privateKey: has no effect")
          .contains("tls.caCertificates: has no effect", "tls.caCrl: has no effect")
          .contains("tls.insecureSkipVerify: has no effect");
      assertThat(policy("mode: " + mode + all).origination).isEqualTo(TlsOrigination.defaults());
    }
    assertThat(warnings("mode: ISTIO_MUTUAL, insecureSkipVerify: false")).isEqualTo("[]");
    assertThat(warnings("mode: SIMPLE, clientCertificate: /c"))
        .contains("tls.clientCertificate: has no effect: SIMPLE shows no certificate");
    assertThat(policy("mode: SIMPLE, clientCertificate: /c, privateKey: /k").origination)
        .isEqualTo(TlsOrigination.defaults());
    assertThat(warnings("mode: SIMPLE, insecureSkipVerify: true, caCrl: /crl"))
        .contains("tls.caCrl: has no effect: with insecureSkipVerify");
  }

  @Test
  void theMeshIndicatesWhatIsAHostName() {
    assertThat(policy("mode: ISTIO_MUTUAL, sni: Front.shop").origination)
        .isEqualTo(TlsOrigination.builder().sni("Front.shop").build());
    for (String name : new String[] {"outbound_.80_._.a", "'*.shop'", "10.0.0.1", "'a b'"}) {
      assertThat(problems("mode: ISTIO_MUTUAL, sni: " + name))
          .as(name)
          .contains("tls.sni: a server name that is no host name");
    }
  }
}
