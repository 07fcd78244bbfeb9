package dev.weft.controlserver.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.controlserver.FakeTime;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.VersionCounter;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.snapshot.Snapshot;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

class WatchHubTest {
  private static final WorkloadIdentity WEB = new WorkloadIdentity("cluster.local", "shop", "web");

  @TempDir Path directory;
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant UNTIL = NOW.plusSeconds(3600);

  private final FakeTime time = new FakeTime(NOW);
  private final Registry registry = new Registry(Duration.ofHours(1), time, time);
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger dropped = new AtomicInteger();
  private final AtomicInteger compiled = new AtomicInteger();
  private volatile String content = "a";
  private MeshStore store;
  private Mesh mesh;
  private WatchHub hub;

  @BeforeEach
  void open() throws Exception {
    store = MeshStore.open(directory);
    mesh =
        new Mesh(
            new VersionCounter(store),
            version ->
                new MeshView(
                    version,
                    "e",
                    false,
                    "cluster.local",
                    "istio-system",
                    List.of(content),
                    List.of(),
                    List.of(),
                    Set.of(),
                    List.of(),
                    Map.of(),
                    0));
    hub =
        new WatchHub(
            mesh,
            registry,
            (view, group) -> {
              compiled.incrementAndGet();
              return Snapshot.builder().epoch("e").trustBundle(view.trustBundle()).build();
            },
            thread,
            time,
            time,
            new WatchHub.PushObserver() {
              @Override
              public void pushed(int lines, long nanos) {}

              @Override
              public void dropped() {
                dropped.incrementAndGet();
              }
            });
    hub.start();
    registry.report(
        "w1",
        WEB,
        InstanceReport.builder().service("web").namespace("shop").serviceAccount("web").build());
  }

  @AfterEach
  void close() {
    thread.shutdownNow();
    store.close();
  }

  private void change(String to) {
    mesh.change(
        upcoming -> {
          content = to;
          return true;
        });
  }

  /** An agent that reads as many objects as it is told to. */
  private static final class Reader implements Subscriber<HttpObject> {
    final List<String> lines = new CopyOnWriteArrayList<>();
    volatile Subscription subscription;
    volatile boolean ended;

    static Reader of(HttpResponse response) {
      Reader reader = new Reader();
      response.subscribe(reader);
      await().until(() -> reader.subscription != null);
      return reader;
    }

    @Override
    public void onSubscribe(Subscription given) {
      subscription = given;
    }

    @Override
    public void onNext(HttpObject object) {
      if (object instanceof HttpData data) {
        lines.add(data.toStringUtf8());
      }
    }

    @Override
    public void onError(Throwable failure) {
      ended = true;
    }

    @Override
    public void onComplete() {
      ended = true;
    }
  }

  @Test
  void aSlowAgentGetsTheNewestStateAndNotEveryState() {
    Reader reader = Reader.of(hub.open("w1", WEB, UNTIL, 0, "", false));
    reader.subscription.request(2);
    await().until(() -> reader.lines.size() == 1);
    change("b");
    await().until(() -> compiled.get() >= 2);
    for (int i = 0; i < 20; i++) {
      int before = compiled.get();
      change("c" + i);
      await().until(() -> compiled.get() > before);
    }
    reader.subscription.request(100);
    await().until(() -> reader.lines.get(reader.lines.size() - 1).contains("c19"));
    assertThat(reader.lines.size()).isLessThanOrEqualTo(3);
    assertThat(hub.delivery("w1").sentVersion()).isEqualTo(mesh.version());
  }

  private Reader open(long version, String epoch) {
    Reader reader = Reader.of(hub.open("w1", WEB, UNTIL, version, epoch, true));
    reader.subscription.request(1_000);
    await().until(() -> reader.lines.size() == 1);
    return reader;
  }

  private static void last(Reader reader, int line, String type, String part) {
    await().until(() -> reader.lines.size() == line);
    assertThat(reader.lines.get(line - 1)).startsWith("{\"type\":\"" + type).contains(part);
  }

  @Test
  void anAgentThatTakesDeltasGetsThemAndOthersDoNot() throws Exception {
    change("a");
    registry.report(
        "w2",
        WEB,
        InstanceReport.builder().service("web").namespace("shop").serviceAccount("web").build());
    Reader old = Reader.of(hub.open("w2", WEB, UNTIL, 0, "", false));
    old.subscription.request(100);
    last(old, 1, "snapshot", "\"a\"");
    Reader reader = open(0, "");
    last(reader, 1, "snapshot", "\"a\"");
    long base = hub.delivery("w1").sentVersion();
    change("b");
    last(
        reader,
        2,
        "delta\",\"delta\":{\"base\":" + base,
        "\"version\":" + mesh.version() + ",\"head\":{\"trustBundle\":[\"b\"]");
    assertThat(reader.lines.get(1)).contains("\"absent\":[\"restored\",");
    last(old, 2, "snapshot", "\"b\"");
  }

  @Test
  void anAgentThatComesBackWithWhatItWasSentGoesOnFromThere() {
    Reader first = open(0, "");
    long version = hub.delivery("w1").sentVersion();
    first.subscription.cancel();
    await().until(() -> hub.watching() == 0);
    Reader same = open(version, "e");
    last(same, 1, "heartbeat", "");
    same.subscription.cancel();
    await().until(() -> hub.watching() == 0);
    change("b");
    last(open(version, "e"), 1, "delta", "\"b\"");
  }

  @Test
  void aVersionThatIsNotKnownOrOfAnotherRunLeadsToAWholeSnapshot() {
    open(0, "");
    long version = hub.delivery("w1").sentVersion();
    last(open(version + 1, "e"), 1, "snapshot", "\"a\"");
    last(open(version, "of another run"), 1, "snapshot", "\"a\"");
  }

  @Test
  void afterARefusalTheNextLineIsAWholeSnapshot() {
    Reader reader = open(0, "");
    change("b");
    last(reader, 2, "delta", "\"b\"");
    hub.acknowledge("w1", hub.delivery("w1").sentVersion(), "it does not compile");
    change("c");
    last(reader, 3, "snapshot", "\"c\"");
    change("d");
    last(reader, 4, "delta", "\"d\"");
  }

  @Test
  void anAgentThatTakesNothingIsCutOff() {
    Reader reader = Reader.of(hub.open("w1", WEB, UNTIL, 0, "", false));
    await().until(() -> hub.delivery("w1").sentVersion() >= 0 && compiled.get() == 1);
    time.advance(WatchHub.STUCK.plusSeconds(1));
    await().until(() -> dropped.get() == 1);
    assertThat(reader.lines).isEmpty();
  }

  @Test
  void aStreamEndsWithTheCertificateItWasOpenedWith() {
    Reader reader = Reader.of(hub.open("w1", WEB, UNTIL, 0, "", false));
    Reader renewed = Reader.of(hub.open("w2", WEB, UNTIL.plusSeconds(3600), 0, "", false));
    reader.subscription.request(1000);
    renewed.subscription.request(1000);
    await().until(() -> reader.lines.size() == 1);
    time.advance(Duration.between(NOW, UNTIL));
    await().until(() -> reader.lines.size() == 2);
    assertThat(reader.ended).isFalse();
    time.advance(Duration.ofSeconds(1));
    await().until(() -> reader.ended);
    assertThat(hub.delivery("w1").watching()).isFalse();
    assertThat(renewed.ended).isFalse();
    Reader back = Reader.of(hub.open("w1", WEB, UNTIL.plusSeconds(7200), 0, "", false));
    back.subscription.request(1000);
    await().until(() -> back.lines.size() == 1);
    assertThat(back.ended).isFalse();
  }

  @Test
  void aQuietStreamBeats() {
    Reader reader = Reader.of(hub.open("w1", WEB, UNTIL, 0, "", false));
    reader.subscription.request(100);
    await().until(() -> reader.lines.size() == 1);
    time.advance(WatchHub.HEARTBEAT);
    await().until(() -> reader.lines.size() == 2);
    assertThat(reader.lines.get(1)).isEqualTo("{\"type\":\"heartbeat\"}\n");
  }

  @Test
  void aChangeForOthersAdvancesTheVersionWithoutALine() {
    change("a");
    Reader reader = Reader.of(hub.open("w1", WEB, UNTIL, 0, "", false));
    reader.subscription.request(100);
    await().until(() -> reader.lines.size() == 1);
    hub.acknowledge("w1", mesh.version(), null);
    change("a");
    change("a");
    await().until(() -> hub.delivery("w1").effectiveVersion() == mesh.version());
    assertThat(reader.lines).hasSize(1);
  }

  @Test
  void aSecondStreamOfAnInstanceReplacesTheFirst() {
    Reader first = Reader.of(hub.open("w1", WEB, UNTIL, 0, "", false));
    first.subscription.request(100);
    await().until(() -> first.lines.size() == 1);
    long version = hub.delivery("w1").sentVersion();
    Reader second = Reader.of(hub.open("w1", WEB, UNTIL, version, "e", false));
    second.subscription.request(100);
    await().until(() -> second.lines.size() == 1);
    assertThat(second.lines.get(0)).contains("heartbeat");
    await().until(() -> first.ended);
    assertThat(hub.watching()).isEqualTo(1);
  }
}
