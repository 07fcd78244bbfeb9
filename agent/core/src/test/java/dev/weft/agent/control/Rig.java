package dev.weft.agent.control;

import dev.weft.dataplane.LocalPorts;
import dev.weft.dataplane.identity.SvidRequest;
import dev.weft.policy.InstrumentationStatus;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import java.io.Closeable;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;

/** One agent's control client with a data plane that only remembers. */
final class Rig implements Closeable {

  static final ControlTiming TIMING = ControlTiming.standard().with(1_000, 1_500, 2_000, 300, 700);

  final List<Credentials> identities = new CopyOnWriteArrayList<>();
  final List<Snapshot> snapshots = new CopyOnWriteArrayList<>();
  final List<String> lines = new CopyOnWriteArrayList<>();
  final LocalPorts ports = new LocalPorts();
  final ControlConfig config;
  volatile String rejectWith;
  ControlClient client;

  Rig(String url, String token, Path cache) {
    this(url, token, cache, null);
  }

  Rig(String url, String token, Path cache, Path tokenFile) {
    this.config =
        ControlConfig.builder(url, "orders")
            .namespace("shop")
            .joinToken(token)
            .joinTokenFile(tokenFile)
            .cacheDir(cache)
            .labels(Collections.singletonMap("version", "v1"))
            .build();
  }

  Rig start() {
    return start(TIMING, Clock.systemUTC());
  }

  Rig start(ControlTiming timing, Clock clock) {
    client =
        ControlClient.start(
            config,
            new Remembering(),
            ports,
            () ->
                Collections.singletonList(
                    InstrumentationStatus.applied("tomcat-8.5", "Tomcat", "9.0.1", true)),
            LineLog.to(lines::add, System::nanoTime),
            timing,
            clock,
            System::nanoTime,
            () -> ThreadLocalRandom.current().nextDouble());
    return this;
  }

  Snapshot inForce() {
    return snapshots.isEmpty() ? Snapshot.empty() : snapshots.get(snapshots.size() - 1);
  }

  boolean said(String part) {
    return lines.stream().anyMatch(line -> line.contains(part));
  }

  @Override
  public void close() {
    client.close();
  }

  /** A snapshot in which the service {@code cart} has so many endpoints. */
  static Snapshot snapshot(String epoch, long version, int endpoints) {
    List<Endpoint> all = new ArrayList<>();
    for (int i = 0; i < endpoints; i++) {
      all.add(Endpoint.builder().id("e" + i).address("127.0.0.1").port(8080 + i).build());
    }
    Service cart =
        Service.builder()
            .host("cart.shop.svc.cluster.local")
            .name("cart")
            .namespace("shop")
            .endpoints(all)
            .build();
    return Snapshot.builder()
        .epoch(epoch)
        .version(version)
        .trustDomain("cluster.local")
        .services(Collections.singletonList(cart))
        .build();
  }

  private final class Remembering implements MeshState {
    @Override
    public KeyRequest newKey() throws GeneralSecurityException {
      SvidRequest request = SvidRequest.create();
      return KeyRequest.of(request.keys().getPrivate(), request.der());
    }

    @Override
    public void identity(Credentials credentials) {
      identities.add(credentials);
    }

    @Override
    public Map<String, Object> explain(Map<?, ?> question) {
      if (question.isEmpty()) {
        throw new IllegalArgumentException("an empty question");
      }
      return Collections.singletonMap("asked", question.get("path"));
    }

    @Override
    public void snapshot(Snapshot snapshot) {
      String reason = rejectWith;
      if (reason != null) {
        throw new IllegalArgumentException(reason);
      }
      snapshots.add(snapshot);
    }
  }
}
