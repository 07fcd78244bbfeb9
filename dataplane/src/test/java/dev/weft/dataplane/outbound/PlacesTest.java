package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.ConnectionPool;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.TrafficPolicy;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls beyond {@code maxConnections} wait, however they are sent and however that ends. */
class PlacesTest {
  private final FakeMesh mesh = new FakeMesh();
  private final FakeAsyncCall first = new FakeAsyncCall();

  /** A call without a timeout that holds the only place; what comes after has the timeout. */
  private void oneUnderWay(ConnectionPool.Builder pool, long timeoutMillis) {
    limited(pool.maxConnections(1), 0);
    async(first);
    assertThat(first.sent).hasSize(1);
    limited(pool, timeoutMillis);
  }

  private void oneUnderWay() {
    oneUnderWay(ConnectionPool.builder(), 0);
  }

  private void limited(ConnectionPool.Builder pool, long timeoutMillis) {
    Route route =
        Route.builder()
            .name("r")
            .backends(
                Collections.singletonList(Backend.builder().host(FakeMesh.HOST).weight(1).build()))
            .timeoutMillis(timeoutMillis)
            .build();
    mesh.apply(
        1,
        service ->
            service
                .trafficPolicy(TrafficPolicy.builder().connectionPool(pool.build()).build())
                .routes(Collections.singletonList(route)));
  }

  private CompletableFuture<Integer> async(FakeAsyncCall call) {
    return mesh.side().async().execute(mesh.target(), FakeRequest.get(), call);
  }

  private int blocking(FakeMesh.FakeCall call) throws Exception {
    return mesh.side().blocking().execute(mesh.target(), FakeRequest.get(), call);
  }

  private void whenMillisPass(long millis, Runnable what) {
    mesh.tasks.add(new FakeMesh.Task(mesh.now() + millis * 1_000_000, what));
  }

  /** Whatever a test did, all places are there again. */
  @AfterEach
  void nothingLeaks() throws Exception {
    first.sent.get(0).complete(200);
    mesh.advanceMillis(1);
    limited(ConnectionPool.builder().maxConnections(1).http1MaxPendingRequests(1), 50);
    for (int i = 0; i < 3; i++) {
      assertThat(blocking(new FakeMesh.FakeCall(attempt -> 200))).as("call %s", i).isEqualTo(200);
    }
    assertThat(mesh.tasks).isEmpty();
  }

  @Test
  void aBlockingCallWaitsForItsTurn() throws Exception {
    oneUnderWay();
    long begun = mesh.now();
    whenMillisPass(450, () -> first.sent.get(0).complete(200));
    assertThat(blocking(new FakeMesh.FakeCall(attempt -> 200))).isEqualTo(200);
    assertThat(mesh.now() - begun).isBetween(450_000_000L, 550_000_000L);
  }

  @Test
  void asynchronousCallsWaitInTheirOrderWithoutAThread() {
    oneUnderWay();
    List<FakeAsyncCall> calls = new ArrayList<>();
    List<CompletableFuture<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      calls.add(new FakeAsyncCall());
      results.add(async(calls.get(i)));
    }
    FakeAsyncCall before = first;
    for (int i = 0; i < 3; i++) {
      assertThat(calls.get(i).sent).isEmpty();
      before.sent.get(0).complete(200);
      mesh.advance(0);
      before = calls.get(i);
      assertThat(before.sent).hasSize(1);
    }
    before.sent.get(0).complete(200);
    assertThat(results).allSatisfy(result -> assertThat(result).isCompletedWithValue(200));
  }

  @Test
  void manyCallsThatEndAtOnceDoNotPileUpOnAStack() {
    oneUnderWay();
    List<CompletableFuture<Integer>> results = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      results.add(
          async(
              new FakeAsyncCall() {
                @Override
                public CompletableFuture<Integer> send(Attempt attempt) {
                  return CompletableFuture.completedFuture(200);
                }
              }));
    }
    first.sent.get(0).complete(200);
    mesh.advance(0);
    assertThat(results).allMatch(result -> result.getNow(0) == 200);
  }

  @Test
  void onlySoManyMayWait() throws Exception {
    oneUnderWay(ConnectionPool.builder().http1MaxPendingRequests(1), 0);
    CompletableFuture<Integer> second = async(new FakeAsyncCall());
    assertThat(second).isNotDone();
    FakeMesh.FakeCall third = new FakeMesh.FakeCall(attempt -> 200);
    assertThat(blocking(third)).isEqualTo(503);
    assertThat(third.replies.get(0).headerValue()).isEqualTo("ADMIT;r");
    assertThat(third.replies.get(0).flag()).isEqualTo(ResponseFlag.UO);
    assertThat(third.replies.get(0).reason())
        .contains("1 calls to " + FakeMesh.HOST)
        .contains("and 1 wait for a place");
    second.cancel(true);
  }

  @Test
  void beyondTheRequestsNobodyWaitsWhileConnectionsAreLeft() throws Exception {
    oneUnderWay(ConnectionPool.builder().http2MaxRequests(1), 0);
    limited(ConnectionPool.builder().maxConnections(2).http2MaxRequests(1), 0);
    assertThat(blocking(new FakeMesh.FakeCall(attempt -> 200))).isEqualTo(503);
    limited(ConnectionPool.builder().maxConnections(1).http2MaxRequests(2), 0);
    CompletableFuture<Integer> waits = async(new FakeAsyncCall());
    assertThat(waits).isNotDone();
    waits.cancel(true);
  }

  @Test
  void aRequestThatSharesItsConnectionNeedsNoPlace() throws Exception {
    oneUnderWay();
    FakeRequest shared =
        new FakeRequest("GET", "orders", "/") {
          @Override
          public boolean ownsConnection() {
            return false;
          }
        };
    assertThat(
            mesh.side()
                .blocking()
                .execute(mesh.target(), shared, new FakeMesh.FakeCall(attempt -> 200)))
        .isEqualTo(200);
  }

  @Test
  void theWaitIsPartOfTheTimeOfTheRoute() throws Exception {
    oneUnderWay(ConnectionPool.builder(), 300);
    FakeMesh.FakeCall late = new FakeMesh.FakeCall(attempt -> 200);
    long begun = mesh.now();
    assertThat(blocking(late)).isEqualTo(504);
    assertThat(mesh.now() - begun).isEqualTo(300_000_000L);
    assertThat(late.replies.get(0).headerValue()).isEqualTo("DEADLINE;r");
    assertThat(ResponseFlag.text(mesh.last().flags())).isEqualTo("UT");
    FakeAsyncCall asynchronous = new FakeAsyncCall();
    CompletableFuture<Integer> result = async(asynchronous);
    mesh.advanceMillis(299);
    assertThat(result).isNotDone();
    mesh.advanceMillis(1);
    assertThat(result).isCompletedWithValue(504);
    assertThat(asynchronous.sent).isEmpty();
  }

  @Test
  void whatIsLeftAfterTheWaitIsTheTimeOfTheAttempt() throws Exception {
    oneUnderWay(ConnectionPool.builder(), 300);
    whenMillisPass(100, () -> first.sent.get(0).complete(200));
    long[] allowed = new long[1];
    FakeMesh.FakeCall second =
        new FakeMesh.FakeCall(
            attempt -> {
              allowed[0] = attempt.timeoutMillis();
              return 200;
            });
    assertThat(blocking(second)).isEqualTo(200);
    assertThat(allowed[0]).isEqualTo(200);
    FakeAsyncCall holder = new FakeAsyncCall();
    async(holder);
    mesh.advanceMillis(1);
    FakeAsyncCall asynchronous = new FakeAsyncCall();
    async(asynchronous);
    mesh.advanceMillis(298);
    holder.sent.get(0).complete(200);
    mesh.advance(0);
    assertThat(asynchronous.attempts.get(0).timeoutMillis()).isEqualTo(2);
    asynchronous.sent.get(0).complete(200);
  }

  @Test
  void theDeadlineOfTheCallerEndsTheWait() throws Exception {
    oneUnderWay();
    RequestContext before = RequestContext.of(mesh.now() + 70_000_000L).attach();
    try {
      FakeMesh.FakeCall late = new FakeMesh.FakeCall(attempt -> 200);
      assertThat(blocking(late)).isEqualTo(504);
      assertThat(late.replies.get(0).flag()).isEqualTo(ResponseFlag.DT);
    } finally {
      RequestContext.restore(before);
    }
  }

  @Test
  void theApplicationsPatienceEndsTheWait() throws Exception {
    oneUnderWay();
    FakeMesh.FakeCall late = new FakeMesh.FakeCall(attempt -> 200);
    late.patienceMillis = 250;
    long begun = mesh.now();
    assertThat(blocking(late)).isEqualTo(504);
    assertThat(mesh.now() - begun).isEqualTo(250_000_000L);
    LocalReply reply = late.replies.get(0);
    assertThat(reply.kind()).isEqualTo(ReplyKind.TIMEOUT);
    assertThat(reply.headerValue()).isEqualTo("ADMIT;r");
    FakeAsyncCall asynchronous = new FakeAsyncCall();
    asynchronous.patienceMillis = 250;
    CompletableFuture<Integer> result = async(asynchronous);
    mesh.advanceMillis(249);
    assertThat(result).isNotDone();
    mesh.advanceMillis(1);
    assertThat(result).isCompletedWithValue(504);
    assertThat(asynchronous.sent).isEmpty();
  }

  @Test
  void aBlockingCallThatIsCancelledIsTheLibrarysToEnd() throws Exception {
    oneUnderWay();
    FakeMesh.FakeCall[] call = new FakeMesh.FakeCall[1];
    call[0] =
        new FakeMesh.FakeCall(
            attempt -> {
              assertThat(call[0].cancelled).isTrue();
              throw new InterruptedIOException("Canceled");
            });
    whenMillisPass(1_000, () -> call[0].cancelled = true);
    long begun = mesh.now();
    assertThatThrownBy(() -> blocking(call[0])).hasMessage("Canceled");
    assertThat(mesh.now() - begun).isBetween(1_000_000_000L, 1_100_000_000L);
  }

  @Test
  void anAsynchronousCallThatIsCancelledEndsAtOnce() {
    oneUnderWay();
    for (boolean byTheLibrary : new boolean[] {false, true}) {
      FakeAsyncCall call = new FakeAsyncCall();
      CompletableFuture<Integer> result = async(call);
      Runnable end = call.waiting;
      assertThat(end).isNotNull();
      if (byTheLibrary && end != null) {
        end.run();
      } else {
        result.cancel(true);
      }
      assertThat(result).isCancelled();
      assertThat(call.sent).isEmpty();
      assertThat(mesh.last().failureKind()).isEqualTo(FailureKind.CANCELLED);
    }
    assertThat(mesh.tasks).isEmpty();
  }

  @Test
  void whoWaitsNoMoreIsNotCancelledThatWay() {
    oneUnderWay();
    FakeAsyncCall call = new FakeAsyncCall();
    CompletableFuture<Integer> result = async(call);
    first.sent.get(0).complete(200);
    mesh.advance(0);
    Runnable end = call.waiting;
    assertThat(end).isNotNull();
    if (end != null) {
      end.run();
    }
    assertThat(result).isNotDone();
    call.sent.get(0).complete(200);
    assertThat(result).isCompletedWithValue(200);
  }

  @Test
  void aPlaceThatComesTogetherWithACancellationIsGivenBack() {
    oneUnderWay();
    CompletableFuture<Integer> result = async(new FakeAsyncCall());
    first.sent.get(0).complete(200);
    // The place is the second call's by now, which has not gone on.
    assertThat(result.cancel(true)).isTrue();
    assertThatThrownBy(result::join).isInstanceOf(CancellationException.class);
    mesh.advance(0);
  }

  @Test
  void aLimitThatIsLiftedLetsAllGoOn() {
    oneUnderWay();
    FakeAsyncCall second = new FakeAsyncCall();
    FakeAsyncCall third = new FakeAsyncCall();
    async(second);
    async(third);
    mesh.endpoints(1);
    mesh.advance(0);
    assertThat(second.sent).hasSize(1);
    assertThat(third.sent).hasSize(1);
    second.sent.get(0).complete(200);
    third.sent.get(0).complete(200);
  }
}
