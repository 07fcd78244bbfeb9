package dev.weft.dataplane;

import dev.weft.dataplane.database.DatabaseAddress;
import dev.weft.dataplane.database.DatabaseExchange;
import dev.weft.dataplane.database.DatabaseFailure;
import dev.weft.dataplane.database.DatabaseObserver;
import dev.weft.dataplane.database.DatabaseRejection;
import dev.weft.dataplane.sql.StatementFacts;
import dev.weft.dataplane.telemetry.DatabaseActivity;
import dev.weft.dataplane.telemetry.Telemetry;

/** Tells telemetry what happens to connects and statements. Thread-safe. */
final class DatabaseTelemetry implements DatabaseObserver {
  private final Telemetry telemetry;

  DatabaseTelemetry(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  @Override
  public void retrying(DatabaseExchange exchange) {
    telemetry.meters().databases().retries().with(exchange.address().toString()).increment();
  }

  @Override
  public void opened(DatabaseAddress address) {
    telemetry.meters().databases().opened().with(address.toString()).increment();
  }

  @Override
  public void ejected(DatabaseAddress address) {
    telemetry.meters().databases().ejections().with(address.toString()).increment();
  }

  @Override
  public void ended(DatabaseExchange exchange) {
    if (telemetry.isIdle()) {
      return;
    }
    DatabaseAddress address = exchange.address();
    boolean connect = exchange.operation() == DatabaseExchange.Operation.CONNECT;
    DatabaseActivity activity =
        DatabaseActivity.of(
                connect,
                address.system(),
                address.toString(),
                address.namespace(),
                exchange.policy(),
                exchange.durationNanos())
            .server(exchange.host(), exchange.port())
            .attempts(exchange.attempts())
            .slow(exchange.isSlow());
    StatementFacts facts = exchange.facts();
    if (facts != null) {
      activity.statement(
          facts.operation(),
          facts.collection(),
          facts.summary(),
          facts.text(),
          exchange.batchSize());
    }
    Throwable failure = exchange.failure();
    DatabaseFailure sign = exchange.sign();
    DatabaseRejection rejection = exchange.rejection();
    if (rejection != null) {
      activity.refused(rejection.stage().name(), rejection.sqlState());
    } else if (failure != null) {
      activity.failed(sign == null ? null : sign.statusCode(), failure);
    }
    telemetry.database(activity);
  }
}
