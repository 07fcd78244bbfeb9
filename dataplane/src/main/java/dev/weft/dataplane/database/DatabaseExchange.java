package dev.weft.dataplane.database;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.resilience.Capacity;
import dev.weft.dataplane.sql.StatementFacts;
import dev.weft.dataplane.sql.StatementStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connect or one statement of the application from OBSERVE to CONCLUDE: what filters decide,
 * and what observers read. Used by one thread.
 */
public final class DatabaseExchange {
  /** Which of the two it is. */
  public enum Operation {
    /** A connection is opened. */
    CONNECT,
    /** A statement, or a batch of them, is executed. */
    STATEMENT
  }

  private final Operation operation;
  private final DatabaseAddress address;
  private final List<String> texts;
  private final @Nullable StatementStore statements;
  private final int batchSize;
  private final long startNanos;
  final DatabaseTarget target;
  final boolean readOnly;
  final @Nullable HostState connectedHost;
  final Set<HostState> tried;
  long nowNanos;
  long deadlineNanos = RequestContext.NO_DEADLINE;
  long timeoutMillis;
  int attempts;
  boolean permitted;
  boolean hostProbe;
  @Nullable ConnectAttempt attempt;
  @Nullable Capacity place;
  boolean placeKept;
  boolean hostKept;
  @Nullable Throwable failure;
  @Nullable DatabaseFailure sign;
  @Nullable DatabaseRejection rejection;
  int passedCall;
  int passedAttempt;
  private @Nullable StatementFacts facts;
  private boolean read;
  private @Nullable Object attachment;

  DatabaseExchange(
      Operation operation,
      DatabaseAddress address,
      DatabaseTarget target,
      List<String> texts,
      @Nullable StatementStore statements,
      int batchSize,
      boolean readOnly,
      @Nullable HostState connectedHost,
      long startNanos) {
    this.operation = operation;
    this.address = address;
    this.target = target;
    this.texts = texts;
    this.tried = operation == Operation.CONNECT ? new HashSet<>(2) : Collections.emptySet();
    this.statements = statements;
    this.batchSize = batchSize;
    this.readOnly = readOnly;
    this.connectedHost = connectedHost;
    this.startNanos = startNanos;
    this.nowNanos = startNanos;
  }

  /** Which of the two it is. */
  public Operation operation() {
    return operation;
  }

  /** The database as the application names it. */
  public DatabaseAddress address() {
    return address;
  }

  /** The policy in force, {@code namespace/name}. */
  public String policy() {
    return target.policy.name();
  }

  /** What the text of the statement says; null for a connect, or when it could not be read. */
  public @Nullable StatementFacts facts() {
    StatementStore store = statements;
    if (!read && !texts.isEmpty() && store != null) {
      read = true;
      try {
        facts = read(store);
      } catch (RuntimeException failed) {
        // GUARD refuses it where it matters.
        facts = null;
      }
    }
    return facts;
  }

  /** Of a batch, all of it where it is judged; else the beginning will do. */
  private StatementFacts read(StatementStore store) {
    boolean judged = target.policy.guards();
    if (texts.size() == 1 || !judged) {
      return store.find(texts.get(0), judged);
    }
    List<StatementFacts> all = new ArrayList<>(texts.size());
    for (String text : texts) {
      all.add(store.find(text, true));
    }
    return StatementFacts.ofBatch(all);
  }

  /** Whether it only ends a transaction, which is never refused: that would leave it half done. */
  boolean endsTransaction() {
    StatementFacts known = facts();
    return texts.size() == 1 && known != null && known.endsTransaction();
  }

  /** Statements sent at once, 0 when it is no batch. */
  public int batchSize() {
    return batchSize;
  }

  /** Host of the connection, or of the last attempt to connect; {@code ""} when there is none. */
  public String host() {
    ConnectAttempt last = attempt;
    HostState connected = connectedHost;
    return last != null ? last.host() : connected != null ? connected.address() : address.host();
  }

  /** Its port, 0 when there is none. */
  public int port() {
    ConnectAttempt last = attempt;
    HostState connected = connectedHost;
    if (last != null) {
      return last.port();
    }
    return connected != null && connected.port() != 0 ? connected.port() : address.port();
  }

  /** Attempts to connect begun so far. */
  public int attempts() {
    return attempts;
  }

  /** When it began, on the data plane's clock. */
  public long startNanos() {
    return startNanos;
  }

  /** Nanoseconds it took, or has taken so far. */
  public long durationNanos() {
    return nowNanos - startNanos;
  }

  /** Whether it is a statement that took at least as long as policy calls slow. */
  public boolean isSlow() {
    long slowMillis = target.document().statements.slowMillis;
    return operation == Operation.STATEMENT
        && slowMillis > 0
        && durationNanos() >= slowMillis * 1_000_000;
  }

  /** The library's failure, or null. */
  public @Nullable Throwable failure() {
    return failure;
  }

  /** What that failure says, or null. */
  public @Nullable DatabaseFailure sign() {
    return sign;
  }

  /** The mesh's own refusal, or null. */
  public @Nullable DatabaseRejection rejection() {
    return rejection;
  }

  /** Keeps an object of the observer with this exchange. */
  public void attach(@Nullable Object object) {
    this.attachment = object;
  }

  /** What the observer attached. */
  public @Nullable Object attachment() {
    return attachment;
  }

  /** Milliseconds until the deadline, at least 1; 0 when there is none. */
  long millisLeft() {
    return deadlineNanos == RequestContext.NO_DEADLINE
        ? 0
        : Math.max(1, (deadlineNanos - nowNanos) / 1_000_000);
  }

  DatabaseRejection reject(
      DatabaseRejection.Kind kind, DatabaseStage stage, String sqlState, String reason) {
    return DatabaseRejection.of(
        kind, stage, policy(), sqlState, reason + " (DatabasePolicy " + policy() + ")");
  }
}
