package dev.weft.dataplane.telemetry;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What telemetry knows about one connect or statement that is over: the facts from which the span,
 * the metrics and the log line are made. Written by one thread before it is handed over, then read
 * only. Holds text and numbers only, never an object of the application.
 */
public final class DatabaseActivity implements LogLine {
  final boolean connect;
  final String system;
  final String database;
  final String namespace;
  final String policy;
  final long durationNanos;
  String host = "";
  int port;
  @Nullable String operation;
  @Nullable String collection;
  String summary = "";
  @Nullable String text;
  int batchSize;
  int attempts;
  @Nullable String statusCode;
  @Nullable String error;
  @Nullable String stage;
  @Nullable String detail;
  boolean slow;
  long startEpochNanos;
  @Nullable TraceContext context;
  @Nullable TraceContext parent;
  boolean recorded;

  private DatabaseActivity(
      boolean connect,
      String system,
      String database,
      String namespace,
      String policy,
      long durationNanos) {
    this.connect = connect;
    this.system = system;
    this.database = database;
    this.namespace = namespace;
    this.policy = policy;
    this.durationNanos = durationNanos;
  }

  /**
   * A connect or a statement, still without the facts that not each has.
   *
   * @param system {@code db.system.name}
   * @param database system, host, port and name in one text, without secrets
   * @param namespace {@code db.namespace}, or {@code ""}
   * @param policy the policy in force
   */
  public static DatabaseActivity of(
      boolean connect,
      String system,
      String database,
      String namespace,
      String policy,
      long durationNanos) {
    return new DatabaseActivity(connect, system, database, namespace, policy, durationNanos);
  }

  /** The host that was asked, and its port or 0. */
  public DatabaseActivity server(String address, int serverPort) {
    this.host = address;
    this.port = serverPort;
    return this;
  }

  /** What the statement says; {@code sanitized} is free of literals. */
  public DatabaseActivity statement(
      @Nullable String verb,
      @Nullable String table,
      String shortText,
      String sanitized,
      int statements) {
    this.operation = verb;
    this.collection = table;
    this.summary = shortText;
    this.text = sanitized;
    this.batchSize = statements;
    return this;
  }

  /** Attempts that a connect took. */
  public DatabaseActivity attempts(int count) {
    this.attempts = count;
    return this;
  }

  /** It took as long as policy calls slow. */
  public DatabaseActivity slow(boolean isSlow) {
    this.slow = isSlow;
    return this;
  }

  /** It failed in the driver, with this {@code db.response.status_code} or none. */
  public DatabaseActivity failed(@Nullable String code, Throwable failure) {
    this.statusCode = code;
    this.error = code != null ? code : failure.getClass().getName();
    return this;
  }

  /** The mesh refused it at this stage. */
  public DatabaseActivity refused(String atStage, String sqlState) {
    this.stage = atStage;
    this.error = sqlState;
    this.detail = atStage + ";" + policy;
    return this;
  }

  @Override
  public String line() {
    long start = startEpochNanos;
    // Without a span nobody has asked for the time; the line is written at once.
    long millis =
        start != 0
            ? start / 1_000_000
            : System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(durationNanos);
    TraceContext position = context;
    return new JsonLine()
        .field("time", Instant.ofEpochMilli(millis).toString())
        .field("direction", "database")
        .field("database", database)
        .field("operation", connect ? "CONNECT" : operation)
        .field("statement", text)
        .field("duration_us", TimeUnit.NANOSECONDS.toMicros(durationNanos))
        .field("slow", slow ? 1 : 0)
        .field("endpoint", host.isEmpty() ? null : host + ":" + port)
        .field("policy", policy)
        .field("error", error)
        .field("detail", detail)
        .field("trace_id", position == null ? null : position.traceId())
        .field("span_id", position == null || !recorded ? null : position.spanId())
        .end();
  }
}
