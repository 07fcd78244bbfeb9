package dev.weft.policy.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.policy.JsonTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SnapshotDeltaTest {
  private static Endpoint endpoint(String id, int port) {
    return Endpoint.builder().id(id).address("10.0.0.1").port(port).build();
  }

  private static Service service(String host, Endpoint... endpoints) {
    return Service.builder()
        .host(host)
        .name(host)
        .namespace("shop")
        .authorities(Collections.singletonList(host))
        .endpoints(Arrays.asList(endpoints))
        .build();
  }

  private static Snapshot snapshot(long version, Service... services) {
    return Snapshot.builder().version(version).epoch("e").services(Arrays.asList(services)).build();
  }

  /** Over the wire. */
  private static SnapshotDelta sent(SnapshotDelta delta) {
    try {
      return SnapshotCodec.deltaFromMap(JsonTree.STANDARD.read(SnapshotCodec.write(delta)));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(SnapshotDelta delta) {
    return new String(SnapshotCodec.write(delta), StandardCharsets.UTF_8);
  }

  @Test
  void leadsFromAnySnapshotToAnyOther() {
    Random random = new Random(5);
    Snapshot before = random(random, 1);
    for (int i = 2; i < 500; i++) {
      Snapshot after = random.nextInt(3) == 0 ? random(random, i) : edited(before, random, i);
      SnapshotDelta delta = SnapshotDelta.between(before, after);
      assertThat(SnapshotCodec.apply(sent(delta), before)).isEqualTo(after);
      before = after;
    }
  }

  private static Snapshot random(Random random, long version) {
    Map<String, Service> services = new TreeMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      String host = "s" + random.nextInt(12);
      services.put(host, service(host, endpoints(random)));
    }
    return snapshot(version, services.values().toArray(new Service[0])).toBuilder()
        .restored(random.nextBoolean())
        .withdrawn(random.nextBoolean() ? Arrays.asList("a", "b") : Collections.emptyList())
        .localNamespace(random.nextBoolean() ? "shop" : "web")
        .locality(random.nextBoolean() ? "" : "eu/a")
        .scope(random.nextBoolean() ? "" : "shop/web@7")
        .outbound(OutboundTrafficPolicy.values()[random.nextInt(2)])
        .build();
  }

  private static Endpoint[] endpoints(Random random) {
    Map<String, Endpoint> endpoints = new TreeMap<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      String id = "e" + random.nextInt(9);
      endpoints.put(id, endpoint(id, 1 + random.nextInt(3)));
    }
    return endpoints.values().toArray(new Endpoint[0]);
  }

  private static Snapshot edited(Snapshot before, Random random, long version) {
    List<Service> services = new ArrayList<>(before.services);
    if (!services.isEmpty()) {
      int at = random.nextInt(services.size());
      Service old = services.get(at);
      services.set(
          at,
          random.nextBoolean()
              ? old.toBuilder().external(!old.external).build()
              : old.toBuilder().endpoints(Arrays.asList(endpoints(random))).build());
    }
    return before.toBuilder().version(version).services(services).build();
  }

  @Test
  void tellsOfOneEndpointNothingElse() {
    Endpoint[] endpoints = new Endpoint[5_000];
    for (int i = 0; i < endpoints.length; i++) {
      endpoints[i] = endpoint(String.format("e%04d", i), 80);
    }
    Snapshot before = snapshot(1, service("a"), service("b", endpoints));
    endpoints[7] = endpoint("e0007", 81);
    Snapshot after = snapshot(2, service("a"), service("b", endpoints));
    assertThat(text(SnapshotDelta.between(before, after)))
        .isEqualTo(
            "{\"base\":1,\"epoch\":\"e\",\"version\":2,\"changed\":[{\"host\":\"b\",\"endpoints\":"
                + "[{\"id\":\"e0007\",\"address\":\"10.0.0.1\",\"port\":81,\"locality\":\"\"}]}]}");
  }

  @Test
  void trustChangesAsAWhole() {
    Snapshot before =
        Snapshot.builder()
            .version(1)
            .epoch("e")
            .restored(true)
            .trustBundle(Collections.singletonList("PEM"))
            .withdrawn(Collections.singletonList("x"))
            .build();
    Snapshot after = before.toBuilder().version(2).restored(false).build();
    Snapshot remembered = before.toBuilder().withdrawn(Arrays.asList("x", "known here")).build();
    SnapshotDelta delta = sent(SnapshotDelta.between(before, after));
    assertThat(SnapshotCodec.apply(delta, remembered))
        .as("what an agent added to it while the server ran from a backup goes with that")
        .isEqualTo(after);
  }

  @Test
  void isForTheSnapshotItWasMadeFromOnly() {
    SnapshotDelta delta = SnapshotDelta.between(snapshot(3), snapshot(4, service("a")));
    assertThatThrownBy(() -> delta.applyTo(null)).hasMessageContaining("version 0 is in force");
    assertThatThrownBy(() -> delta.applyTo(snapshot(2)))
        .hasMessage("a change of version 3 came, but version 2 is in force");
    assertThatThrownBy(() -> delta.applyTo(snapshot(3).toBuilder().epoch("f").build()))
        .hasMessageContaining("of another epoch");
    assertThat(SnapshotDelta.between(snapshot(3), snapshot(4).toBuilder().epoch("f").build()))
        .isNull();
    assertThat(
            SnapshotDelta.between(
                snapshot(3, service("b")), snapshot(4, service("b"), service("a"))))
        .as("an order that it would not give")
        .isNull();
  }

  @Test
  void isReadAsStrictlyAsASnapshot() {
    for (String unknown :
        Arrays.asList(
            "{\"deny\":1}",
            "{\"head\":{\"deny\":1}}",
            "{\"changed\":[{\"host\":\"a\",\"deny\":1}]}",
            "{\"services\":[{\"host\":\"a\",\"deny\":1}]}")) {
      assertThatThrownBy(
              () ->
                  SnapshotCodec.deltaFromMap(
                      JsonTree.STANDARD.read(unknown.getBytes(StandardCharsets.UTF_8))))
          .as(unknown)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("deny");
    }
    Service wrong = service("a", Endpoint.builder().id("e").port(80).mtls(true).build());
    SnapshotDelta delta = SnapshotDelta.between(snapshot(1), snapshot(2, wrong));
    assertThatThrownBy(() -> SnapshotCodec.apply(delta, snapshot(1)))
        .hasMessageContaining("mtls without a spiffeId");
  }
}
