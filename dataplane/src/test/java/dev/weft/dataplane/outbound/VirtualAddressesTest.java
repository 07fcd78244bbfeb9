package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class VirtualAddressesTest {
  private final VirtualAddresses addresses = new VirtualAddresses();

  @Test
  void aNameKeepsItsAddressInAnyCase() {
    InetAddress first = addresses.of("orders");
    assertThat(addresses.of("Orders")).isEqualTo(first);
    assertThat(new VirtualAddresses().of("orders")).isEqualTo(first);
    assertThat(addresses.hostOf(first)).isEqualTo("orders");
    assertThat(first.getAddress()).startsWith(240, 240);
  }

  @Test
  void namesNeverShareAnAddress() {
    Set<InetAddress> all = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      InetAddress address = addresses.of("service-" + i);
      assertThat(all.add(address)).isTrue();
      assertThat(addresses.hostOf(address)).isEqualTo("service-" + i);
    }
    // "Aa" and "BB" have one hash code.
    assertThat(addresses.of("Aa")).isNotEqualTo(addresses.of("BB"));
  }

  @Test
  void otherAddressesStandForNothing() throws Exception {
    addresses.of("orders");
    assertThat(addresses.hostOf(InetAddress.getByName("127.0.0.1"))).isNull();
    assertThat(addresses.hostOf(InetAddress.getByName("::1"))).isNull();
    assertThat(addresses.hostOf(InetAddress.getByName("240.240.0.0"))).isNull();
  }
}
