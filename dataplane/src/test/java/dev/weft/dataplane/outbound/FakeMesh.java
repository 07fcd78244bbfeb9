package dev.weft.dataplane.outbound;

import dev.weft.dataplane.SeededRandom;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Parker;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.dataplane.snapshot.SnapshotHolder;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.Service;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mesh of one service "orders" on a clock that moves only when told, or when someone waits. */
public final class FakeMesh {
  static final String HOST = "orders.shop.svc.cluster.local";

  final SnapshotHolder snapshots;
  final List<Long> parked = new ArrayList<>();
  final PriorityQueue<Task> tasks = new PriorityQueue<>();
  ClientSecurity security = ClientSecurity.NONE;
  ExchangeObserver observer = ExchangeObserver.NONE;
  @Nullable OutboundExchange last;
  final List<Runnable> copies = new ArrayList<>();
  boolean queueFull;
  final List<String> mirrored = new ArrayList<>();
  private long now = 1_000_000_000L;
  private String locality = "";
  private long version;
  private @Nullable OutboundSide side;

  FakeMesh() {
    this(OwnInstance.of("me", "", Collections.<String, String>emptyMap()));
  }

  FakeMesh(OwnInstance own) {
    this.snapshots = SnapshotHolder.create(own, () -> now);
  }

  /** Something the timer has to do. */
  static final class Task implements Comparable<Task> {
    final long at;
    final Runnable task;

    Task(long at, Runnable task) {
      this.at = at;
      this.task = task;
    }

    @Override
    public int compareTo(Task other) {
      return Long.compare(at, other.at);
    }
  }

  final RandomSource random = new SeededRandom(42);

  long now() {
    return now;
  }

  void advanceMillis(long millis) {
    advance(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  void advance(long nanos) {
    long until = now + nanos;
    while (!tasks.isEmpty() && tasks.peek().at <= until) {
      Task due = tasks.poll();
      now = Math.max(now, due.at);
      due.task.run();
    }
    now = Math.max(now, until);
  }

  OutboundSide side() {
    OutboundSide made = side;
    if (made == null) {
      made =
          OutboundSide.of(
              snapshots,
              () -> now,
              random,
              (task, delay) -> {
                Task scheduled = new Task(now + delay, task);
                tasks.add(scheduled);
                return () -> tasks.remove(scheduled);
              },
              new Parker() {
                @Override
                public void park(long nanos) {
                  parked.add(nanos);
                  advance(nanos);
                }

                @Override
                public void await(CountDownLatch latch, long nanos) {
                  advance(nanos);
                }
              },
              security,
              failure -> null,
              new ExchangeObserver() {
                @Override
                public void started(OutboundExchange exchange) {
                  last = exchange;
                  observer.started(exchange);
                }

                @Override
                public void attempting(OutboundExchange exchange, Attempt attempt) {
                  observer.attempting(exchange, attempt);
                }

                @Override
                public void attempted(OutboundExchange exchange, Attempt attempt) {
                  observer.attempted(exchange, attempt);
                }

                @Override
                public void ended(OutboundExchange exchange) {
                  observer.ended(exchange);
                }
              },
              Mirroring.on(
                  this::queue,
                  TransportSecurity.of(Clock.systemUTC()),
                  (host, outcome) -> mirrored.add(host + " " + outcome.word())));
      side = made;
    }
    return made;
  }

  private void queue(Runnable copy) {
    if (queueFull) {
      throw new RejectedExecutionException();
    }
    copies.add(copy);
  }

  OutboundExchange last() {
    OutboundExchange exchange = last;
    if (exchange == null) {
      throw new IllegalStateException("no call was made");
    }
    return exchange;
  }

  static Endpoint endpoint(int number) {
    return Endpoint.builder()
        .id("orders-" + number)
        .address("127.0.0.1")
        .port(9000 + number)
        .weight(1)
        .build();
  }

  FakeMesh endpoints(int count) {
    return apply(count, service -> service);
  }

  FakeMesh policy(int count, TrafficPolicy policy) {
    return apply(count, service -> service.trafficPolicy(policy));
  }

  FakeMesh route(int count, Route route) {
    return apply(count, service -> service.routes(Collections.singletonList(route)));
  }

  FakeMesh apply(int count, UnaryOperator<Service.Builder> change) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      endpoints.add(endpoint(i));
    }
    return apply(change.apply(orders().endpoints(endpoints)).build());
  }

  FakeMesh apply(Service... services) {
    snapshots.apply(
        Snapshot.builder()
            .version(++version)
            .locality(locality)
            .services(Arrays.asList(services))
            .build());
    return this;
  }

  /** What snapshots say from now on of where the caller is. */
  FakeMesh locality(String place) {
    locality = place;
    return this;
  }

  static Service.Builder orders() {
    return Service.builder()
        .host(HOST)
        .name("orders")
        .namespace("shop")
        .authorities(Arrays.asList("orders", "orders.shop", "orders.shop.svc", HOST))
        .trafficPolicy(TrafficPolicy.defaults());
  }

  Target target() {
    Target target = side().blocking().resolve("http", "orders");
    if (target == null) {
      throw new IllegalStateException("orders is not in the snapshot");
    }
    return target;
  }

  /** The status that the call ends with. */
  int call(OutboundRequest request, Callee callee) throws Exception {
    return side().blocking().execute(target(), request, new FakeCall(callee));
  }

  /** The other side: answers with a status or fails. */
  public interface Callee {
    int answer(Attempt attempt) throws Exception;
  }

  /** A library whose response is its status. */
  public static class FakeCall implements BlockingCall<Integer> {
    private final Callee callee;
    final List<LocalReply> replies = new ArrayList<>();
    final List<Integer> discarded = new ArrayList<>();
    final List<HeaderEdits> edits = new ArrayList<>();
    Consumer<LocalReply> onReply = reply -> {};
    Runnable onDiscard = () -> {};
    long patienceMillis;
    boolean cancelled;

    public FakeCall(Callee callee) {
      this.callee = callee;
    }

    @Override
    public Integer send(Attempt attempt) throws Exception {
      return callee.answer(attempt);
    }

    @Override
    public long patienceMillis() {
      return patienceMillis;
    }

    @Override
    public boolean cancelled() {
      return cancelled;
    }

    @Override
    public int status(Integer response) {
      return response;
    }

    @Override
    public @Nullable String header(Integer response, String name) {
      return null;
    }

    @Override
    public void discard(Integer response) {
      discarded.add(response);
      onDiscard.run();
    }

    @Override
    public Integer reply(LocalReply reply) {
      replies.add(reply);
      onReply.accept(reply);
      return reply.status();
    }

    @Override
    public Integer editResponse(Integer response, HeaderEdits changes) {
      edits.add(changes);
      return response;
    }
  }
}
