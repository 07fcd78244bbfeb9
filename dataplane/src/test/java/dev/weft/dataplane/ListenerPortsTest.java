package dev.weft.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ListenerPortsTest {
  private final LocalPorts local = new LocalPorts();
  private final AtomicInteger changes = new AtomicInteger();
  private final ListenerPorts<Object> ports = new ListenerPorts<>(local);
  private final Object plain = new Object();
  private final Object tls = new Object();

  ListenerPortsTest() {
    local.onChange(changes::incrementAndGet);
  }

  @Test
  void eachListenerIsReportedOnce() {
    ports.opened(plain, 8080, true);
    ports.opened(tls, 8443, false);
    ports.opened(plain, 8080, true);
    assertThat(changes).hasValue(2);
    assertThat(local.first()).isEqualTo(8080);
    assertThat(local.acceptsMesh(8080)).isTrue();
    assertThat(local.acceptsMesh(8443)).isFalse();
    assertThat(ports.isLast(plain)).isTrue();
    assertThat(ports.isLast(tls)).isFalse();
  }

  @Test
  void aClosedListenerMayOpenAgain() {
    ports.opened(plain, 8080, true);
    ports.closed(plain, 8080);
    assertThat(local.first()).isZero();
    assertThat(ports.isLast(plain)).isFalse();
    ports.opened(plain, 8081, true);
    assertThat(local.first()).isEqualTo(8081);
  }

  @Test
  void otherListenersAreNotReported() {
    ports.ignore(plain);
    assertThat(ports.isLast(plain)).isTrue();
    ports.closed(plain, 8009);
    assertThat(changes).hasValue(0);
  }
}
