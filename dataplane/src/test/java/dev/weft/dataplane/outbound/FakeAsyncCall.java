package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.policy.snapshot.HeaderEdits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A library whose answers a test completes by hand. */
public class FakeAsyncCall implements AsyncCall<Integer> {
  final List<CompletableFuture<Integer>> sent = new ArrayList<>();
  final List<Attempt> attempts = new ArrayList<>();
  final List<Integer> discarded = Collections.synchronizedList(new ArrayList<>());
  final List<Integer> abandoned = new ArrayList<>();

  /** The request of an attempt beside another. */
  final FakeRequest copy = FakeRequest.get();

  @Nullable CompletableFuture<Void> draining;
  protected boolean overlaps;
  boolean wholeBody = true;
  long patienceMillis;
  @Nullable Runnable waiting;

  @Override
  public long patienceMillis() {
    return patienceMillis;
  }

  @Override
  public void waiting(Runnable end) {
    waiting = end;
  }

  @Override
  public boolean overlaps() {
    return overlaps;
  }

  @Override
  public @Nullable Beside<Integer> beside() {
    return !wholeBody
        ? null
        : new Beside<Integer>() {
          @Override
          public OutboundRequest request() {
            return copy;
          }

          @Override
          public CompletionStage<Integer> send(Attempt attempt) {
            return FakeAsyncCall.this.send(attempt);
          }
        };
  }

  @Override
  public CompletionStage<Integer> send(Attempt attempt) {
    assertThat(Attempt.current()).isSameAs(attempt);
    CompletableFuture<Integer> future = new CompletableFuture<>();
    sent.add(future);
    attempts.add(attempt);
    return future;
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
  public @Nullable CompletionStage<?> discard(Integer response) {
    discarded.add(response);
    return draining;
  }

  @Override
  public void abandon(Integer response) {
    abandoned.add(response);
  }

  @Override
  public Integer reply(LocalReply reply) {
    return reply.status();
  }

  @Override
  public Integer editResponse(Integer response, HeaderEdits edits) {
    return response;
  }
}
