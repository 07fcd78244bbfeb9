package dev.weft.dataplane.origination;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.snapshot.TlsMode;
import dev.weft.policy.snapshot.TlsOrigination;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What policies in force share, and the loop that looks at their files. */
@Timeout(60)
class OriginationsTest {
  private final List<Runnable> loops = new ArrayList<>();
  private final Originations originations = Originations.on(loops::add);

  private static TrafficPolicy policy(TlsMode mode, String sni, String... names) {
    return TrafficPolicy.builder()
        .tls(mode)
        .origination(TlsOrigination.builder().sni(sni).insecureSkipVerify(sni.isEmpty()).build())
        .subjectAltNames(Arrays.asList(names))
        .build();
  }

  @Test
  void alikePoliciesShareTheirCredentials() {
    Origination first = originations.of(policy(TlsMode.SIMPLE, "a"));
    assertThat(originations.of(policy(TlsMode.SIMPLE, "a"))).isSameAs(first);
    assertThat(originations.of(policy(TlsMode.SIMPLE, "b"))).isNotSameAs(first);
    assertThat(originations.of(policy(TlsMode.SIMPLE, "a", "name"))).isNotSameAs(first);
    assertThat(originations.of(policy(TlsMode.MUTUAL, "a"))).isNotSameAs(first);
    OutsideCredentials credentials = first.current();
    assertThat(credentials).isNotNull();
    originations.look();
    assertThat(first.current()).as("nothing changed").isSameAs(credentials);
  }

  @Test
  void theLoopIsThereWhileAnyPolicyIs() {
    assertThat(loops).isEmpty();
    Origination first = originations.of(policy(TlsMode.SIMPLE, ""));
    originations.of(policy(TlsMode.SIMPLE, "b"));
    assertThat(loops).hasSize(1);
    originations.retain(Collections.singleton(first));
    assertThat(originations.of(policy(TlsMode.SIMPLE, ""))).isSameAs(first);
    originations.retain(Collections.<Origination>emptySet());
    loops.get(0).run(); // ends at once
    assertThat(originations.of(policy(TlsMode.SIMPLE, ""))).isNotSameAs(first);
    assertThat(loops).hasSize(2);
  }

  @Test
  void aTrustStoreThatTheApplicationNamesLateCounts() {
    String before = System.getProperty("javax.net.ssl.trustStore");
    Origination trusting = originations.of(policy(TlsMode.SIMPLE, "a"));
    OutsideCredentials credentials = trusting.current();
    System.setProperty("javax.net.ssl.trustStore", "NONE");
    try {
      originations.look();
      assertThat(trusting.current()).isNotNull().isNotSameAs(credentials);
    } finally {
      if (before == null) {
        System.clearProperty("javax.net.ssl.trustStore");
      } else {
        System.setProperty("javax.net.ssl.trustStore", before);
      }
    }
  }
}
