package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.SeededRandom;
import dev.weft.dataplane.filter.Parker;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Snapshot;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A retry storm on simulated time (Bronson et al., "Metastable Failures in Distributed Systems",
 * HotOS 2021): four hops, each of which retries three times, before a callee of 1,000 requests a
 * second that is offered 800 and serves none, or answers part of all with 503, for ten seconds. All
 * hops together must not add more than a fifth, nor keep it down.
 */
class RetryStormTest {
  private static final int HOPS = 4;
  private static final int OFFERED = 800;
  private static final long SECOND = 1_000_000_000L;
  private static final long LATENCY = SECOND / 1_000;
  private static final long SERVICE = SECOND / 1_000;
  private static final int QUEUE = 1_000;
  private static final int TRIGGER_FROM = 10;
  private static final int TRIGGER_TO = 20;
  private static final int END = 35;

  /** Added to the status of an answer that says not to repeat the request. */
  private static final int MARK = 1_000;

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final RandomSource seeded = new SeededRandom(5);
  private final List<OutboundSide> hops = new ArrayList<>();
  private final ArrayDeque<Work> queue = new ArrayDeque<>();
  private final int[] arrivals = new int[END + 5];
  private final int[] served = new int[END + 5];
  private long now;
  private long sequence;
  private boolean serving;

  /** Whether the servers between can write headers of answers. */
  private boolean marking = true;

  /** The part that the callee answers with 503 while it is in trouble; with 0 it serves nobody. */
  private double failing;

  private static final class Event implements Comparable<Event> {
    final long at;
    final long number;
    Runnable task;

    Event(long at, long number, Runnable task) {
      this.at = at;
      this.number = number;
      this.task = task;
    }

    @Override
    public int compareTo(Event other) {
      return at == other.at ? Long.compare(number, other.number) : Long.compare(at, other.at);
    }
  }

  private static final class Work {
    final CompletableFuture<Integer> answer;
    final long deadline;

    Work(CompletableFuture<Integer> answer, long deadline) {
      this.answer = answer;
      this.deadline = deadline;
    }
  }

  /** A call of one hop: its attempts go to the next. */
  private final class Call extends FakeAsyncCall {
    private final int hop;
    private final long deadline;
    private final FakeRequest request;

    Call(int hop, long deadline, FakeRequest request) {
      this.hop = hop;
      this.deadline = deadline;
      this.request = request;
    }

    @Override
    public CompletionStage<Integer> send(Attempt attempt) {
      CompletableFuture<Integer> answer = new CompletableFuture<>();
      boolean retry = request.header(RequestContext.ATTEMPT_HEADER) != null;
      Runnable arrive =
          hop + 1 < HOPS ? () -> enter(hop + 1, deadline, retry, answer) : () -> leaf(answer);
      later(LATENCY, arrive);
      return answer;
    }

    private void leaf(CompletableFuture<Integer> answer) {
      arrivals[second()]++;
      if (troubled() && seeded.nextDouble() < failing) {
        answer.complete(503);
        return;
      }
      if (queue.size() >= QUEUE) {
        answer.complete(503);
        return;
      }
      queue.add(new Work(answer, deadline));
      serve();
    }

    @Override
    public int status(Integer response) {
      return response % MARK;
    }

    @Override
    public @Nullable String header(Integer response, String name) {
      return response > MARK && name.equals(RequestContext.OVERLOADED_HEADER) ? "true" : null;
    }
  }

  private Event later(long nanos, Runnable task) {
    Event event = new Event(now + nanos, sequence++, task);
    events.add(event);
    return event;
  }

  private int second() {
    return (int) (now / SECOND);
  }

  private boolean troubled() {
    return second() >= TRIGGER_FROM && second() < TRIGGER_TO;
  }

  private boolean down() {
    return troubled() && failing == 0;
  }

  /** One at a time; what nobody waits for any more costs nothing, as the inbound side sees to. */
  private void serve() {
    while (!serving && !down() && !queue.isEmpty()) {
      Work next = queue.remove();
      if (next.deadline <= now) {
        next.answer.complete(504);
        continue;
      }
      serving = true;
      later(
          SERVICE,
          () -> {
            serving = false;
            next.answer.complete(200);
            serve();
          });
    }
  }

  private void enter(int hop, long deadline, boolean retry, CompletableFuture<Integer> answer) {
    OutboundSide side = hops.get(hop);
    Target target = side.async().resolve("http", "orders");
    assertThat(target).isNotNull();
    FakeRequest request = FakeRequest.get();
    AtomicBoolean givenUp = new AtomicBoolean();
    RequestContext before = RequestContext.of(deadline, retry, () -> givenUp.set(true)).attach();
    try {
      side.async()
          .execute(target, request, new Call(hop, deadline, request))
          .whenComplete(
              (status, failure) ->
                  later(LATENCY, () -> answer.complete(answer(givenUp.get(), status, failure))));
    } finally {
      RequestContext.restore(before);
    }
  }

  /** What the inbound side of a hop says: an answer that stands for one further on is marked. */
  private int answer(boolean givenUp, Integer status, @Nullable Throwable failure) {
    int plain = failure == null ? status % MARK : 502;
    return marking && plain >= 500 && givenUp ? MARK + plain : plain;
  }

  private OutboundSide hop(int number) {
    SnapshotHolder snapshots = SnapshotHolder.create(OwnInstance.UNKNOWN, () -> now);
    RetryPolicy retries =
        RetryPolicy.builder()
            .attempts(3)
            .retryOn(Arrays.asList("5xx", "reset", "connect-failure"))
            .build();
    Backend orders = Backend.builder().host(FakeMesh.HOST).weight(1).build();
    Route route =
        Route.builder()
            .backends(Collections.singletonList(orders))
            .timeoutMillis(1_000)
            .retries(retries)
            .build();
    snapshots.apply(
        Snapshot.builder()
            .version(1)
            .services(
                Collections.singletonList(
                    FakeMesh.orders()
                        .endpoints(Arrays.asList(FakeMesh.endpoint(1), FakeMesh.endpoint(2)))
                        .routes(Collections.singletonList(route))
                        .build()))
            .build());
    MeshTimer timer =
        (task, delay) -> {
          Event event = later(delay, task);
          return () -> event.task = () -> {};
        };
    Parker nobodyParks =
        nanos -> {
          throw new IllegalStateException("hop " + number + " blocks");
        };
    return OutboundSide.of(
        snapshots,
        () -> now,
        seeded,
        timer,
        nobodyParks,
        ClientSecurity.NONE,
        failure -> null,
        ExchangeObserver.NONE,
        Mirroring.on(Runnable::run, TransportSecurity.of(Clock.systemUTC()), (host, how) -> {}));
  }

  /** Open loop: the next one comes whatever becomes of this one. */
  private void offerNext() {
    int offered = second();
    CompletableFuture<Integer> answer = new CompletableFuture<>();
    answer.thenAccept(status -> served[offered] += status == 200 ? 1 : 0);
    enter(0, now + SECOND, false, answer);
    later(SECOND / OFFERED, this::offerNext);
  }

  /** Runs it; the share of what is offered that arrives in the worst second. */
  private double run(String trouble) {
    for (int i = 0; i < HOPS; i++) {
      hops.add(hop(i));
    }
    offerNext();
    later(TRIGGER_TO * SECOND, this::serve);
    while (!events.isEmpty() && events.peek().at < END * SECOND) {
      Event next = events.remove();
      now = next.at;
      next.task.run();
    }
    double most = (double) Arrays.stream(arrivals).max().getAsInt() / OFFERED;
    System.out.printf(
        "retry storm, %s: of what is offered, %.3f times reach the callee meanwhile, %.3f in the"
            + " worst second; %.1f %% are served meanwhile, and 95 %% %d seconds after%n",
        trouble, mean(), most, 100.0 * servedInTrouble(), recovered() - TRIGGER_TO);
    return most;
  }

  private double mean() {
    int arrived = Arrays.stream(arrivals, TRIGGER_FROM, TRIGGER_TO).sum();
    return (double) arrived / OFFERED / (TRIGGER_TO - TRIGGER_FROM);
  }

  private double servedInTrouble() {
    int well = Arrays.stream(served, TRIGGER_FROM, TRIGGER_TO).sum();
    return (double) well / OFFERED / (TRIGGER_TO - TRIGGER_FROM);
  }

  private int recovered() {
    int recovered = END - 1;
    while (recovered > 0 && served[recovered - 1] >= OFFERED * 95 / 100) {
      recovered--;
    }
    return recovered;
  }

  @Test
  void retriesOfFourHopsDoNotKeepACalleeDown() {
    double most = run("callee down");
    assertThat(recovered() - TRIGGER_TO).isLessThanOrEqualTo(10);
    assertThat(served[TRIGGER_FROM + 1]).as("it was down").isLessThan(OFFERED / 10);
    // Without budgets it were 256.
    assertThat(most).isLessThanOrEqualTo(1.2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.11, 0.2, 0.5, 0.8, 1})
  void whereAnswersCannotBeMarkedTheyStayFewAllTheSame(double part) {
    failing = part;
    marking = false;
    double most = run(part + " fail, answers unmarked");
    // A fifth of all, and what each hop uses up before it hears of the others' retries.
    assertThat(mean()).isLessThanOrEqualTo(1.25);
    assertThat(most).isLessThanOrEqualTo(part == 1 ? 1.2 : 1.5);
    assertThat(recovered() - TRIGGER_TO).isLessThanOrEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.11, 0.2, 0.5, 0.8, 1})
  void retriesOfFourHopsStayFewWhateverPartFails(double part) {
    failing = part;
    double most = run(part + " fail");
    assertThat(most).isLessThanOrEqualTo(1.2);
    assertThat(recovered() - TRIGGER_TO).isLessThanOrEqualTo(2);
    if (part < 0.15) {
      assertThat(servedInTrouble()).as("retries help").isGreaterThan(0.999);
    }
  }
}
