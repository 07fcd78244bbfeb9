package dev.weft.dataplane.telemetry;

import java.util.concurrent.atomic.LongAdder;

/**
 * The metrics of databases. A lookup per statement builds a key: beside the round trip of a
 * statement that is nothing. Thread-safe.
 */
public final class DatabaseMeters {
  private static final String[] LABELS = {
    "system", "namespace", "server", "port", "operation", "error"
  };

  private final MeterFamily<Histogram> operations;
  private final MeterFamily<Histogram> connects;
  private final MeterFamily<LongAdder> rejections;
  private final MeterFamily<LongAdder> retries;
  private final MeterFamily<LongAdder> opened;
  private final MeterFamily<LongAdder> ejections;
  private final MeterFamily<LongAdder> slow;

  DatabaseMeters(Meters meters) {
    this.operations =
        meters.register(
            histogram(
                    "weft_database_operation_duration_seconds",
                    "Duration of statements by database, operation and error",
                    LABELS)
                .exportedAs(
                    "db.client.operation.duration",
                    "db.system.name",
                    "db.namespace",
                    "server.address",
                    "server.port",
                    "db.operation.name",
                    "error.type"));
    this.connects =
        meters.register(
            histogram(
                "weft_database_connect_duration_seconds",
                "Duration of connects with their retries by database and error",
                "database",
                "error"));
    this.rejections =
        meters.counter(
            "weft_database_rejections_total",
            "Connects and statements refused by the mesh",
            "database",
            "stage",
            "policy");
    this.retries =
        meters.counter("weft_database_retries_total", "Connects after the first", "database");
    this.opened =
        meters.counter(
            "weft_database_breaker_opened_total", "Circuit breakers that opened", "database");
    this.ejections =
        meters.counter(
            "weft_database_ejections_total", "Hosts of redirects that were ejected", "database");
    this.slow =
        meters.counter(
            "weft_database_slow_statements_total", "Statements that policy calls slow", "database");
  }

  private static MeterFamily<Histogram> histogram(String name, String text, String... labels) {
    return new MeterFamily<>(
        name, text, MeterFamily.Kind.HISTOGRAM, Meters.MAX_SERIES, Histogram::ofDatabases, labels);
  }

  /** Connects after the first, by database. */
  public MeterFamily<LongAdder> retries() {
    return retries;
  }

  /** Circuit breakers that opened, by database. */
  public MeterFamily<LongAdder> opened() {
    return opened;
  }

  /** Hosts of redirects that were ejected, by database. */
  public MeterFamily<LongAdder> ejections() {
    return ejections;
  }

  void record(DatabaseActivity activity) {
    String error = activity.error == null ? "" : activity.error;
    if (activity.stage != null) {
      rejections.with(activity.database, activity.stage, activity.policy).increment();
    }
    if (activity.slow) {
      slow.with(activity.database).increment();
    }
    if (activity.connect) {
      connects.with(activity.database, error).record(activity.durationNanos);
    } else {
      operations
          .with(
              activity.system,
              activity.namespace,
              activity.host,
              activity.port == 0 ? "" : Integer.toString(activity.port),
              activity.operation == null ? "" : activity.operation,
              error)
          .record(activity.durationNanos);
    }
  }
}
